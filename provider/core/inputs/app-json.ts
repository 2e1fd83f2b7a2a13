import * as z from "zod";
import { compare } from "../values/formation";
import { optional, type Fallback } from "./process-type";
import { expecting, faultsOf, inOurWords, text, whole } from "./shape";

const MEBIBYTE = 2 ** 20;

const GIBIBYTE = 2 ** 30;

/** Memory of the larger dyno sizes, the same in every family. */
const LARGE = { m: 2.5 * GIBIBYTE, l: 14 * GIBIBYTE, "l-ram": 30 * GIBIBYTE, xl: 62 * GIBIBYTE, "2xl": 126 * GIBIBYTE };

const family = (name: string, sizes: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(sizes).map(([size, memory]) => [`${name}-${size}`, memory]));

/** Heroku's sizes as memory limits, former names too. Source: Heroku's tables of dyno sizes. */
const SIZES: Readonly<Record<string, number>> = {
  free: 512 * MEBIBYTE,
  hobby: 512 * MEBIBYTE,
  eco: 512 * MEBIBYTE,
  basic: 512 * MEBIBYTE,
  "1x": 512 * MEBIBYTE,
  "2x": GIBIBYTE,
  px: 6 * GIBIBYTE,
  ...family("standard", { "1x": 512 * MEBIBYTE, "2x": GIBIBYTE }),
  ...family("performance", LARGE),
  ...family("private", { s: GIBIBYTE, ...LARGE }),
  ...family("shield", { s: GIBIBYTE, ...LARGE }),
};

/** The newer sizes have their memory in their names: `dyno-2c-4gb`. */
function memoryOf(size: string): number | undefined {
  const name = size.toLowerCase();
  const gigabytes = Number(/^dyno-\d+c-(\d+(?:\.\d+)?)gb$/.exec(name)?.[1] ?? 0);
  if (gigabytes > 0) return gigabytes * GIBIBYTE;
  return Object.hasOwn(SIZES, name) ? SIZES[name] : undefined;
}

/** The part of Heroku's and Dokku's file that is read; whatever else stands in it is theirs. */
const appJson = z.looseObject({
  formation: z
    .record(
      z.string(),
      z.looseObject({
        quantity: whole("a whole number, 0 or more", 0, 10_000).optional(),
        size: text(
          `one of ${Object.keys(SIZES).join(", ")}, or dyno-2c-4gb and the like`,
          (size) => memoryOf(size) !== undefined,
        ).optional(),
        /** Dokku's key: the number of processes replaced at a time. */
        max_parallel: whole("a whole number, 1 or more", 1, 10_000).optional(),
        autoscaling: z
          .looseObject({
            min_quantity: whole("a whole number, 0 or more", 0, 10_000).optional(),
            max_quantity: whole("a whole number, 1 or more", 1, 10_000).optional(),
          })
          .optional(),
      }),
      { error: expecting("an object of process types") },
    )
    .optional(),
});

type Entry = NonNullable<z.infer<typeof appJson>["formation"]>[string];

export type AppJsonResult =
  | { readonly ok: true; readonly fallbacks: Readonly<Record<string, Fallback>> }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads the process types of app.json. @returns them, or every fault of the file */
export function readAppJson(json: string): AppJsonResult {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    return { ok: false, faults: [`appJson is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const parsed = appJson.safeParse(data, { error: inOurWords });
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error, "appJson") };
  const entries = Object.entries(parsed.data.formation ?? {}).sort(([one], [other]) => compare(one, other));
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
