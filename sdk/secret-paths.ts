import * as pulumi from "@pulumi/pulumi";

/**
 * Paths of the inputs that the program made secret. The provider gets plain values: without the paths, it would show
 * secrets in errors and plans.
 *
 * @returns `undefined` when no input is secret, or when an input has failed, which Pulumi reports itself
 */
export function secretPaths(inputs: object): pulumi.Output<string[][] | undefined> {
  const found = pathsIn(inputs, []).catch((): string[][] => []);
  return pulumi.output(found.then((paths) => (paths.length === 0 ? undefined : paths)));
}

async function pathsIn(value: unknown, path: readonly string[]): Promise<string[][]> {
  if (pulumi.Output.isInstance(value)) return (await pulumi.isSecret(value)) ? [[...path]] : [];
  if (value instanceof Promise) return pathsIn(await value, path);
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).map(([key, one]) => pathsIn(one, [...path, key]));
  return (await Promise.all(inner)).flat();
}
