import type { Formation } from "../values/formation";
import type { AdviceCode } from "../inputs/inputs";
import type { ProcessType } from "../inputs/process-type";
import type { Spec } from "../inputs/spec";
import { formatDuration } from "../values/units";

// Warnings about concurrency that cannot help, or hurts. Each can be silenced by its code.

const ADVICE = {
  "long-jobs": (type, quantity) =>
    type.jobTimeout !== undefined && quantity > 1
      ? `${type.name} runs jobs of up to ${formatDuration(type.jobTimeout)}: more processes take more jobs, but finish none sooner; fan one long job out into many short ones`
      : undefined,
  "singleton-name": (type, quantity) =>
    quantity > 1 && type.declaredSingleton === undefined && SMELLS_OF_SINGLETON.test(type.name)
      ? `${type.name} sounds like a type that must never run twice, but is scaled to ${quantity}: set processes.${type.name}.singleton to true, or to false if it may`
      : undefined,
  "single-web": (type, quantity) =>
    type.name === "web" && quantity === 1 && (type.update.order === "stop-first" || type.bind.port !== undefined)
      ? `web is a single process and is stopped before its successor starts: a release, or a crash, is an outage; scale it to 2 or use start-first`
      : undefined,
  "singleton-order": (type) =>
    type.singleton && type.declaredOrder === "start-first"
      ? `${type.name} is a singleton: update.order start-first is not followed, as two would run at once`
      : undefined,
} satisfies Record<
  Exclude<AdviceCode, "cpus" | "entrypoint">,
  (type: ProcessType, quantity: number) => string | undefined
>;

const SMELLS_OF_SINGLETON = /(^|[_-])(scheduler|stream|streamer|ticker|timer|beat|clock)$|cron/i;

/** All advice that needs no observation. */
export function advise(spec: Spec, formation: Formation): string[] {
  return spec.types.flatMap((type) =>
    (Object.keys(ADVICE) as (keyof typeof ADVICE)[]).flatMap((code) => {
      const text = ADVICE[code](type, formation[type.name] ?? 0);
      return text === undefined || spec.silence.includes(code) ? [] : [withLink(code, text)];
    }),
  );
}

/** @param cpus of all hosts together, in CPUs */
export function adviseOnCpus(spec: Spec, formation: Formation, cpus: number): string[] {
  const wanted = spec.types.reduce(
    (sum, type) => sum + ((type.settings.size?.cpus ?? 0) / 1e9) * (formation[type.name] ?? 0),
    0,
  );
  if (wanted <= cpus || spec.silence.includes("cpus")) return [];
  const text = `the processes may use ${round(wanted)} CPUs together, the hosts have ${round(cpus)}: more processes will not do more work`;
  return [withLink("cpus", text)];
}

function withLink(code: AdviceCode, text: string): string {
  return `${text} (docs/concurrency.md#${code}; silence: ["${code}"])`;
}

const round = (cpus: number) => Number(cpus.toFixed(2));
