import * as pulumi from "@pulumi/pulumi";

type Properties = Readonly<Record<string, unknown>>;

export interface Run {
  readonly stack?: string;
  readonly preview?: boolean;
  /** Outputs of each type of resource beside its inputs; in a preview, everything else is unknown. */
  readonly outputs?: Readonly<Record<string, Properties>>;
}

/**
 * Runs a program as Pulumi would, without Pulumi's engine.
 *
 * @returns arguments of each resource by its type; `pulumi.unknown` stands for values known only at `up`
 */
export async function registered(
  program: () => unknown,
  { stack = "dev", preview = false, outputs = {} }: Run = {},
): Promise<Map<string, Properties>> {
  const resources = new Map<string, Properties>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        resources.set(type, inputs as Properties);
        return { id: preview ? "" : name, state: { ...(inputs as Properties), ...outputs[type] } };
      },
      call: ({ inputs }) => inputs as Properties,
    },
    "project",
    stack,
    preview,
  );
  await program();
  await pulumi.runtime.disconnect();
  return resources;
}
