import type { RecordedResource } from "../state/checkpoint";

// Selects the recorded resources to register, so that Pulumi updates one and keeps all others as they are.

const STACK = "pulumi:pulumi:Stack";
const PROVIDER = "pulumi:providers:";

/**
 * Selects the stack, the target, its dependents, and everything that must be registered before these. Pulumi deletes
 * dependents of a target that are not registered, and keeps all other resources. A registered resource that is no
 * target is kept as recorded, with its dependencies.
 *
 * @param resources of a whole state, in its order
 */
export function neededFor(target: string, resources: readonly RecordedResource[]): readonly RecordedResource[] {
  const current = resources.filter((one) => one.delete !== true);
  const byUrn = new Map(current.map((one) => [one.urn, one]));
  const needed = new Set<string>();
  const need = (urn: string) => {
    const resource = byUrn.get(urn);
    if (resource === undefined || needed.has(urn)) return;
    needed.add(urn);
    // A provider counts as a target, whatever the target is.
    const isTarget = urn === target || resource.type.startsWith(PROVIDER);
    for (const other of [...structure(resource), ...(isTarget ? dependencies(resource) : [])]) need(other);
  };
  const dependents = new Set([target]);
  for (const resource of current) {
    const { urn, type } = resource;
    if ([...structure(resource), ...dependencies(resource)].some((one) => dependents.has(one))) dependents.add(urn);
    if (type === STACK || dependents.has(urn)) need(urn);
  }
  return current.filter(({ urn }) => needed.has(urn));
}

/** Names of the plugins that Pulumi would load for a state. */
export function pluginsOf(resources: readonly RecordedResource[]): readonly string[] {
  const names = resources.flatMap(({ type, inputs }) => {
    if (!type.startsWith(PROVIDER)) return [];
    const { name } = (inputs?.["__internal"] ?? {}) as { readonly name?: unknown };
    return [type.slice(PROVIDER.length), ...(typeof name === "string" ? [name] : [])];
  });
  return [...new Set(names)].sort();
}

/** Strips the id from a reference to a provider, `urn::id`. */
function urnOf(provider: string): string {
  return provider.slice(0, provider.lastIndexOf("::"));
}

function structure({ parent, provider }: RecordedResource): string[] {
  return [...(parent === undefined ? [] : [parent]), ...(provider ? [urnOf(provider)] : [])];
}

function dependencies(resource: RecordedResource): string[] {
  const { dependencies = [], propertyDependencies = {}, deletedWith, replaceWith = [] } = resource;
  const ofProperties = Object.values(propertyDependencies).flatMap((urns) => urns ?? []);
  return [...dependencies, ...ofProperties, ...replaceWith, ...(deletedWith ? [deletedWith] : [])];
}
