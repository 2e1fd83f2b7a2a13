import { Ajv, type ValidateFunction } from "ajv";
import { FormationError } from "../../provider/core/values/errors";
import type { Outputs } from "../../provider/core/record/outputs";
import { STATE_VERSION } from "../../provider/core/record/state";
import schema from "../../schema.json";
import type { RecordedFormation } from "./formations";

/** The outputs that monitoring is built on, as schema.json describes them. */
const KEYS = ["formation", "running", "instances", "endpoints", "budgets", "release", "log"] as const;
export type Contract = Pick<Outputs, (typeof KEYS)[number]>;

/** Compiled on first use, because compiling takes a moment. */
let validate: ValidateFunction<Contract> | undefined;

interface PackageSchema {
  readonly types: object;
  readonly resources: Readonly<Record<string, { readonly properties: Readonly<Record<string, object>> }>>;
}

/**
 * Outputs of a recorded formation, validated against the published schema.
 *
 * @throws InvalidState when another version of the package has written outputs of another shape
 */
export function contractOf({ app, inputs, outputs }: RecordedFormation): Contract {
  const version = outputs["__state"];
  if (typeof version === "number" && version > STATE_VERSION)
    throw invalid(app, `it was written as version ${version}, this command reads up to ${STATE_VERSION}`);
  // A formation without outputs is empty; `formation` is an input, too.
  const empty = { running: {}, instances: [], endpoints: {}, budgets: {}, release: "", log: [] };
  const data: unknown = { ...empty, formation: inputs["formation"], ...outputs };
  validate ??= new Ajv({ allErrors: true, strict: false }).compile<Contract>(contractSchema());
  if (validate(data)) return data;
  const faults = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
  throw invalid(app, faults.join("; "));
}

/** Types of a Pulumi package schema are JSON schemas already, with references by their place in the document. */
function contractSchema(): object {
  const { types, resources } = schema as PackageSchema;
  const { properties = {} } = resources["formation:index:Formation"] ?? {};
  return {
    types,
    type: "object",
    properties: Object.fromEntries(KEYS.map((key) => [key, properties[key] ?? {}])),
    required: KEYS,
  };
}

function invalid(app: string, what: string): FormationError {
  return new FormationError("InvalidState", `the state of ${app} cannot be read: ${what}`, {
    hint: "update this command and the program to the same version, then run pulumi up",
  });
}
