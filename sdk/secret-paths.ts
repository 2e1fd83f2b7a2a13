import * as pulumi from "@pulumi/pulumi";

/**
 * Where the program has made an input secret. The provider is given plain values: without this, it would show in a fault
 * or a plan what is not to be shown.
 *
 * @returns nothing where nothing is, or where an input has failed, which is told anyway
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
