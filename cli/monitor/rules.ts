import { labelsOf, type Whose } from "./targets";

/** An alert rule in the format of Prometheus' files. */
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: "critical" | "warning" };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url?: string };
}

/** Options of the alert rules. */
export interface RuleOptions {
  /** Time for which a condition must hold before it alerts, as Prometheus writes it: `5m`. */
  readonly patience: string;
  /** Share of a limit, in percent, above which usage counts as near to it; 90 by default. */
  readonly near?: number;
  /** Address of the page of runbooks; each alert links to the section with its name. */
  readonly runbooks?: string;
}

/** Rules compare measured quantities with measured processes: 0 does not alert, and scaling needs no new rules. */
export function rulesOf(whose: Whose, { patience, near = 90, runbooks }: RuleOptions) {
  const { app, stack } = whose;
  const share = near / 100;
  const of = (metric: string) => `formation_${metric}{${selectorOf(whose)}}`;
  const type = `on (${[...Object.keys(labelsOf(whose)), "type"].join(", ")})`;
  const rules: Rule[] = [
    {
      alert: "FormationBelowDesired",
      expr: `${of("running_processes")} < ${of("desired_processes")}`,
      for: patience,
      ...say(
        "warning",
        "{{ $labels.app }}: {{ $value }} of {{ $labels.type }} run, fewer than wanted",
        "Fewer run than are wanted. formation ps shows which; pulumi up brings them back.",
      ),
    },
    {
      alert: "FormationNotReady",
      expr: `${of("ready_processes")} < ${of("running_processes")}`,
      for: patience,
      ...say(
        "warning",
        "{{ $labels.app }}: only {{ $value }} of {{ $labels.type }} are ready",
        "Others run, but are unhealthy, do not answer, or are not up yet. formation ps and formation logs show why.",
      ),
    },
    {
      alert: "FormationNoneReady",
      expr: `${of("ready_processes")} == 0 and ${type} ${of("running_processes")} > 0`,
      for: patience,
      ...say(
        "critical",
        "{{ $labels.app }}: {{ $labels.type }} runs, and none of it is ready",
        "Nobody is served by it. formation ps and formation logs show why; a restart or another release may cure it.",
      ),
    },
    {
      alert: "FormationSingletonTwice",
      expr: `${of("singleton_copies")} > 1`,
      ...say(
        "critical",
        "{{ $labels.app }}: {{ $labels.type }} runs {{ $value }} times",
        "It must never run twice. formation ps shows both; pulumi up removes the twin.",
      ),
    },
    {
      alert: "FormationSingletonAbsent",
      expr: `${of("singleton_copies")} == 0 and ${type} ${of("desired_processes")} > 0`,
      for: patience,
      ...say(
        "critical",
        "{{ $labels.app }}: {{ $labels.type }} does not run",
        "Nothing else does its work. formation ps and formation logs show why; pulumi up brings it back.",
      ),
    },
    {
      alert: "FormationCrashLoop",
      expr: `increase(${of("process_restarts_total")}[10m]) > 3`,
      ...say(
        "warning",
        "{{ $labels.app }}: {{ $labels.process }} keeps ending",
        "The engine has started it again more than 3 times within 10 minutes. formation logs shows its last lines.",
      ),
    },
    {
      alert: "FormationOutOfMemory",
      expr: `max_over_time(${of("process_out_of_memory")}[10m]) > 0`,
      ...say(
        "warning",
        "{{ $labels.app }}: {{ $labels.process }} was ended for want of memory",
        "It used more than its limit, or than the host has. Raise processes.<type>.size.memory, or find what it keeps.",
      ),
    },
    {
      alert: "FormationMemoryNearLimit",
      expr: `${of("process_memory_bytes")} > ${share} * ${of("process_memory_limit_bytes")}`,
      for: patience,
      ...say(
        "warning",
        `{{ $labels.app }}: {{ $labels.process }} uses more than ${near} % of its memory`,
        "When it uses all of it, it is ended. Raise processes.<type>.size.memory, or find what it keeps.",
      ),
    },
    {
      alert: "FormationBudgetNearLimit",
      expr: `${of("backing_service_connections")} > ${share} * ${of("backing_service_connections_limit")}`,
      for: patience,
      ...say(
        "warning",
        "{{ $labels.app }}: may need {{ $value }} connections of {{ $labels.service }}",
        `That is more than ${near} % of what there is: a further scale up may be refused. Scale another type down, or raise the limit.`,
      ),
    },
    {
      alert: "FormationHostUnreachable",
      expr: `${of("host_up")} == 0`,
      for: patience,
      ...say(
        "critical",
        "{{ $labels.app }}: host {{ $labels.host }} cannot be reached",
        "What runs there is unknown, and no singleton is started elsewhere until it is back, or is said to be abandoned.",
      ),
    },
    {
      alert: "FormationNotMeasured",
      expr: `absent(${of("desired_processes")})`,
      for: patience,
      ...say(
        "critical",
        `${app}${stack === undefined ? "" : ` (${stack})`}: nothing measures its formation`,
        "formation metrics does not run, or cannot be scraped: none of the other alerts can fire.",
      ),
    },
    {
      alert: "FormationStale",
      expr: `time() - ${of("collected_timestamp_seconds")} > ${STALE_S}`,
      for: patience,
      ...say(
        "critical",
        "{{ $labels.app }}: what is known of its formation is old",
        "Whoever wrote it has ended, or cannot read the state any more: none of the other alerts can be believed.",
      ),
    },
  ];
  const name = stack === undefined ? app : `${app}-${stack}`;
  return { groups: [{ name: `formation-${name}`, rules: rules.map((rule) => withRunbook(rule, runbooks)) }] };
}

/** Age of stale metrics: longer than a snapshot takes, and than the interval at which a textfile is written. */
const STALE_S = 120;

function withRunbook(rule: Rule, page: string | undefined): Rule {
  if (page === undefined) return rule;
  return { ...rule, annotations: { ...rule.annotations, runbook_url: `${page}#${rule.alert.toLowerCase()}` } };
}

/** Labels within the braces of a metric. */
function selectorOf(whose: Whose): string {
  return Object.entries(labelsOf(whose))
    .map(([name, value]) => `${name}="${value}"`)
    .join(",");
}

function say(severity: Rule["labels"]["severity"], summary: string, description: string) {
  return { labels: { severity }, annotations: { summary, description } } as const;
}
