/** Prometheus' alert rules, as they stand in its files. */
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: "critical" | "warning" };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/**
 * They compare what is wanted with what runs, both as measured: a wanted 0 is silent, and a scale needs no new rules.
 *
 * @param patience how long something may be so before it is told: `5m`
 */
export function rulesOf(app: string, patience: string) {
  const of = (metric: string, more = "") => `formation_${metric}{app="${app}"${more}}`;
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
      expr: `${of("singleton_copies")} == 0 and on (app, type) ${of("desired_processes")} > 0`,
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
      alert: "FormationBudgetNearLimit",
      expr: `${of("backing_service_connections")} > 0.9 * ${of("backing_service_connections_limit")}`,
      for: patience,
      ...say(
        "warning",
        "{{ $labels.app }}: may need {{ $value }} connections of {{ $labels.service }}",
        "That is more than 90 % of what there is: a further scale up may be refused. See docs/concurrency.md.",
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
        `${app}: nothing measures its formation`,
        "formation metrics does not run, or cannot be scraped: none of the other alerts can fire.",
      ),
    },
  ];
  return { groups: [{ name: `formation-${app}`, rules }] };
}

function say(severity: Rule["labels"]["severity"], summary: string, description: string) {
  return { labels: { severity }, annotations: { summary, description } } as const;
}
