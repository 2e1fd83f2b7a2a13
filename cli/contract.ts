import { Ajv, type ValidateFunction } from "ajv";
import { FormationError } from "../provider/core/errors";
import type { Outputs } from "../provider/core/outputs";
import { STATE_VERSION } from "../provider/core/state";
import schema from "../schema.json";
import type { RecordedFormation } from "./formations";

/** The outputs that monitoring is built on, as schema.json describes them. */
const KEYS = ["formation", "running", "instances", "endpoints", "budgets", "release", "log"] as const;
export type Contract = Pick<Outputs, (typeof KEYS)[number]>;

/** Made when it is first needed, which takes a moment. */
let validate: ValidateFunction<Contract> | undefined;

interface PackageSchema {
  readonly types: object;
  readonly resources: Readonly<Record<string, { readonly properties: Readonly<Record<string, object>> }>>;
}

/**
 * The outputs of a recorded formation, held against the published schema.
 *
 * @throws InvalidState when another version of the package has written something else
 */
export function contractOf({ app, inputs, outputs }: RecordedFormation): Contract {
  const version = outputs["__state"];
  if (typeof version === "number" && version > STATE_VERSION)
    throw invalid(app, `it was written as version ${version}, this command reads up to ${STATE_VERSION}`);
  // `formation` is an input, too, and one that was never written has nothing in it.
  const empty = { running: {}, instances: [], endpoints: {}, budgets: {}, release: "", log: [] };
  const data: unknown = { ...empty, formation: inputs["formation"], ...outputs };
  validate ??= new Ajv({ allErrors: true, strict: false }).compile<Contract>(contractSchema());
  if (validate(data)) return data;
  const faults = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
  throw invalid(app, faults.join("; "));
}

/** A Pulumi package schema's types are JSON schemas already, and are referred to by their place in the document. */
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
