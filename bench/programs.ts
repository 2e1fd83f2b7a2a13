import { command } from "./settings";

// These Pulumi programs are plain JavaScript, so that no compiler is measured.

export const empty = "";

/** Smallest program with a dynamic resource. */
export const trivial = (quantity: number) => `const pulumi = require("@pulumi/pulumi");
const provider = {
  diff: async (id, olds, news) => ({ changes: olds.quantity !== news.quantity }),
  create: async (inputs) => ({ id: "trivial", outs: inputs }),
  update: async (id, olds, news) => ({ outs: news }),
};
class Trivial extends pulumi.dynamic.Resource {}
new Trivial(provider, "trivial", { quantity: ${quantity} });
`;

/**
 * File in which the program notes the milliseconds since the epoch at which it began; `up` runs it twice, for its
 * preview and for itself, so that the time of the update stays.
 */
export const beganFile = "began";

export interface FormationProgram {
  readonly app: string;
  readonly image: string;
  readonly host: string;
  readonly quantity: number;
  readonly version: number;
  /** Seconds; the provider's own default when undefined. */
  readonly monitor: number | undefined;
}

/** Makes a program with one Formation and the exports of the example's program. */
export function formation({ app, image, host, quantity, version, monitor }: FormationProgram): string {
  const args = {
    image,
    hosts: [{ host }],
    processes: { worker: { command, max: 1000 } },
    scale: { worker: quantity },
    env: { VERSION: String(version) },
    ...(monitor === undefined ? {} : { update: { monitor } }),
  };
  return `require("fs").writeFileSync(${JSON.stringify(beganFile)}, String(Date.now()));
const { Formation } = require("pulumi-formation");
const app = new Formation(${JSON.stringify(app)}, ${JSON.stringify(args)});
for (const output of ["formation", "running", "endpoints"]) exports[output] = app[output];
`;
}
