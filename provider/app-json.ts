import type * as ajv from "ajv";
import { compare } from "./core/formation";
import { optional, type Fallback } from "./core/process-type";

/** Heroku's and Dokku's own shape of the part that we read; whatever else stands in the file is theirs. */
const SHAPE = {
  type: "object",
  properties: {
    formation: {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: {
          quantity: { type: "integer", minimum: 0 },
          size: { type: "string" },
          max_parallel: { type: "integer", minimum: 1 },
          autoscaling: {
            type: "object",
            properties: {
              min_quantity: { type: "integer", minimum: 0 },
              max_quantity: { type: "integer", minimum: 1 },
            },
          },
        },
      },
    },
  },
} as const;

interface AppJson {
  readonly formation?: Readonly<Record<string, Entry>>;
}

interface Entry {
  readonly quantity?: number;
  readonly size?: string;
  /** Dokku's: how many are replaced at a time. */
  readonly max_parallel?: number;
  readonly autoscaling?: { readonly min_quantity?: number; readonly max_quantity?: number };
}

const MEBIBYTE = 2 ** 20;

/** Heroku's sizes as memory limits. Source: Heroku's table of dyno sizes. */
const SIZES: Readonly<Record<string, number>> = {
  eco: 512 * MEBIBYTE,
  basic: 512 * MEBIBYTE,
  "standard-1x": 512 * MEBIBYTE,
  "standard-2x": 1024 * MEBIBYTE,
  "performance-m": 2560 * MEBIBYTE,
  "performance-l": 14 * 1024 * MEBIBYTE,
};

export type AppJsonResult =
  | { readonly ok: true; readonly fallbacks: Readonly<Record<string, Fallback>> }
  | { readonly ok: false; readonly faults: readonly string[] };

/** What app.json says of process types, or every fault of it. */
export function readAppJson(text: string): AppJsonResult {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { ok: false, faults: [`appJson is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  // Loaded only where there is an app.json: it takes longer than all else that a preview does.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Ajv } = require("ajv") as typeof ajv;
  const validate = new Ajv({ allErrors: true }).compile<AppJson>(SHAPE);
  if (!validate(data)) return { ok: false, faults: (validate.errors ?? []).map(faultOf) };
  const entries = Object.entries(data.formation ?? {}).sort(([a], [b]) => compare(a, b));
  const faults = entries.flatMap(([type, { size }]) =>
    size === undefined || Object.hasOwn(SIZES, size.toLowerCase())
      ? []
      : [`appJson.formation.${type}.size is ${JSON.stringify(size)}: give one of ${Object.keys(SIZES).join(", ")}`],
  );
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, fallbacks: Object.fromEntries(entries.map(([type, entry]) => [type, fallback(entry)])) };
}

function fallback({ quantity, size, max_parallel: parallelism, autoscaling = {} }: Entry): Fallback {
  return {
    ...optional("initial", quantity),
    ...optional("memory", size === undefined ? undefined : SIZES[size.toLowerCase()]),
    ...optional("parallelism", parallelism),
    ...optional("min", autoscaling.min_quantity),
    ...optional("max", autoscaling.max_quantity),
  };
}

function faultOf({ instancePath, message }: ajv.ErrorObject): string {
  const path = ["appJson", ...instancePath.split("/").slice(1)].join(".");
  return `${path} ${message ?? "is wrong"}: correct it as Heroku's and Dokku's documentation of app.json says`;
}
