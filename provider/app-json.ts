import type * as ajv from "ajv";
import { compare } from "./core/formation";
import { optional, type Fallback } from "./core/process-type";

/** The part of app.json that we read, in Heroku's and Dokku's own shape. Everything else in the file is ignored. */
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
  /** Dokku's own: the number of processes that are replaced at a time. */
  readonly max_parallel?: number;
  readonly autoscaling?: { readonly min_quantity?: number; readonly max_quantity?: number };
}

const MEBIBYTE = 2 ** 20;

const GIBIBYTE = 2 ** 30;

/** Memory of the larger sizes, the same in every family. */
const LARGE = { m: 2.5 * GIBIBYTE, l: 14 * GIBIBYTE, "l-ram": 30 * GIBIBYTE, xl: 62 * GIBIBYTE, "2xl": 126 * GIBIBYTE };

const family = (name: string, sizes: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(sizes).map(([size, memory]) => [`${name}-${size}`, memory]));

/** Heroku's sizes as memory limits, including former names. Source: Heroku's tables of dyno sizes. */
const SIZES: Readonly<Record<string, number>> = {
  ...{ free: 512 * MEBIBYTE, hobby: 512 * MEBIBYTE, eco: 512 * MEBIBYTE, basic: 512 * MEBIBYTE },
  ...{ "1x": 512 * MEBIBYTE, "2x": GIBIBYTE, px: 6 * GIBIBYTE },
  ...family("standard", { "1x": 512 * MEBIBYTE, "2x": GIBIBYTE }),
  ...family("performance", LARGE),
  ...family("private", { s: GIBIBYTE, ...LARGE }),
  ...family("shield", { s: GIBIBYTE, ...LARGE }),
};

/** The memory of a size. Newer sizes name it themselves: `dyno-2c-4gb`. */
function memoryOf(size: string): number | undefined {
  const name = size.toLowerCase();
  const gigabytes = Number(/^dyno-\d+c-(\d+(?:\.\d+)?)gb$/.exec(name)?.[1] ?? 0);
  if (gigabytes > 0) return gigabytes * GIBIBYTE;
  return Object.hasOwn(SIZES, name) ? SIZES[name] : undefined;
}

export type AppJsonResult =
  | { readonly ok: true; readonly fallbacks: Readonly<Record<string, Fallback>> }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads the process types of app.json, or lists every fault in it. */
export function readAppJson(text: string): AppJsonResult {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { ok: false, faults: [`appJson is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  // Loaded only when there is an app.json: loading ajv takes longer than the rest of a preview.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Ajv } = require("ajv") as typeof ajv;
  const validate = new Ajv({ allErrors: true }).compile<AppJson>(SHAPE);
  if (!validate(data)) return { ok: false, faults: (validate.errors ?? []).map(faultOf) };
  const entries = Object.entries(data.formation ?? {}).sort(([a], [b]) => compare(a, b));
  const faults = entries.flatMap(([type, { size }]) =>
    size === undefined || memoryOf(size) !== undefined
      ? []
      : [
          `appJson.formation.${type}.size is ${JSON.stringify(size)}: give one of ${Object.keys(SIZES).join(", ")}, or dyno-2c-4gb and the like`,
        ],
  );
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, fallbacks: Object.fromEntries(entries.map(([type, entry]) => [type, fallback(entry)])) };
}

function fallback({ quantity, size, max_parallel: parallelism, autoscaling = {} }: Entry): Fallback {
  return {
    ...optional("initial", quantity),
    ...optional("memory", size === undefined ? undefined : memoryOf(size)),
    ...optional("parallelism", parallelism),
    ...optional("min", autoscaling.min_quantity),
    ...optional("max", autoscaling.max_quantity),
  };
}

function faultOf({ instancePath, message }: ajv.ErrorObject): string {
  const path = ["appJson", ...instancePath.split("/").slice(1)].join(".");
  return `${path} ${message ?? "is wrong"}: correct it as Heroku's and Dokku's documentation of app.json says`;
}
