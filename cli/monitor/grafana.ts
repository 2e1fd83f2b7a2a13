/** A Grafana dashboard for all formations, in Grafana's JSON; project, stack and app are chosen on it. */
export function grafanaDashboard() {
  return {
    uid: "formation",
    title: "Formation",
    tags: ["formation"],
    schemaVersion: 39,
    version: 1,
    time: { from: "now-3h", to: "now" },
    refresh: "15s",
    timezone: "browser",
    editable: true,
    templating: {
      list: [
        { name: "source", label: "Prometheus", type: "datasource", query: "prometheus" },
        variable("project", "Project", ""),
        variable("stack", "Stack", '{project="$project"}'),
        variable("app", "App", '{project="$project",stack="$stack"}'),
      ],
    },
    annotations: {
      list: [
        annotation("Scales", `${of("last_scale_timestamp_seconds")} ${BY_ACTOR}`, "blue", "scaled by {{actor}}"),
        annotation("Releases", of("last_release_timestamp_seconds"), "green", "released"),
      ],
    },
    panels: PANELS.map(panel),
  };
}

const SOURCE = { type: "prometheus", uid: "${source}" };
const WHOSE = "project, stack, app";

function of(metric: string): string {
  return `formation_${metric}{project="$project",stack="$stack",app="$app"}`;
}

const BY_ACTOR = `* on (${WHOSE}) group_left (actor) ${of("last_scale_info")}`;

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  readonly unit?: string;
  /** Properties for this type of panel. */
  readonly more?: object;
  /** Texts and colours of single values. */
  readonly values?: object;
}

const REACHED = {
  mappings: [
    {
      type: "value",
      options: { "0": { text: "cannot be reached", color: "red" }, "1": { text: "reached", color: "green" } },
    },
  ],
};

/** Hidden columns, which do not tell one process from another. */
const NO_NEWS = ["Time", "Value", "__name__", "instance", "job", "project", "stack", "app"];
const PROCESS = `${WHOSE}, type, process`;

const PANELS: readonly Panel[] = [
  {
    type: "timeseries",
    title: "Running and wanted",
    queries: [
      [of("running_processes"), "{{type}}"],
      [of("desired_processes"), "{{type}} wanted"],
    ],
  },
  { type: "timeseries", title: "Ready", queries: [[of("ready_processes"), "{{type}}"]] },
  { type: "timeseries", title: "Copies of singletons", queries: [[of("singleton_copies"), "{{type}}"]] },
  {
    type: "timeseries",
    title: "Restarts in 10 minutes",
    queries: [[`increase(${of("process_restarts_total")}[10m])`, "{{process}}"]],
  },
  {
    type: "bargauge",
    title: "Connections, as a share of the limit",
    unit: "percentunit",
    queries: [[`${of("backing_service_connections")} / ${of("backing_service_connections_limit")}`, "{{service}}"]],
  },
  {
    type: "timeseries",
    title: "Memory",
    unit: "bytes",
    queries: [[of("process_memory_bytes"), "{{process}}"]],
  },
  {
    type: "timeseries",
    title: "Memory, as a share of the limit",
    unit: "percentunit",
    queries: [[`${of("process_memory_bytes")} / ${of("process_memory_limit_bytes")}`, "{{process}}"]],
  },
  {
    type: "timeseries",
    title: "CPUs",
    queries: [[`rate(${of("process_cpu_seconds_total")}[$__rate_interval])`, "{{process}}"]],
  },
  {
    type: "stat",
    title: "Hosts",
    values: REACHED,
    queries: [[of("host_up"), "{{host}}"]],
    more: { options: { colorMode: "background", reduceOptions: { calcs: ["lastNotNull"] } } },
  },
  {
    type: "table",
    title: "Processes",
    queries: [[`${of("process_info")} * on (${PROCESS}) group_left (state) ${of("process_state")}`, ""]],
    more: {
      transformations: [
        { id: "organize", options: { excludeByName: Object.fromEntries(NO_NEWS.map((name) => [name, true])) } },
      ],
    },
  },
];

const WIDTH = 12;
const HEIGHT = 8;

function panel({ type, title, queries, unit = "short", more = {}, values = {} }: Panel, at: number) {
  return {
    id: at + 1,
    type,
    title,
    datasource: SOURCE,
    gridPos: { w: WIDTH, h: HEIGHT, x: (at % 2) * WIDTH, y: Math.floor(at / 2) * HEIGHT },
    fieldConfig: { defaults: { min: 0, unit, ...values }, overrides: [] },
    targets: queries.map(([expr, legendFormat], query) => ({
      refId: String.fromCharCode(65 + query),
      expr,
      legendFormat,
      ...(type === "table" ? { format: "table", instant: true } : {}),
    })),
    ...more,
  };
}

/** A variable whose values come from the measured series. */
function variable(name: string, label: string, among: string) {
  const query = `label_values(formation_desired_processes${among}, ${name})`;
  return {
    name,
    label,
    type: "query",
    datasource: SOURCE,
    definition: query,
    query: { query, refId: name },
    // Refreshed when the time range changes; sorted alphabetically.
    refresh: 2,
    sort: 1,
  };
}

/** Marks the times that are the values of a metric. */
function annotation(name: string, seconds: string, iconColor: string, titleFormat: string) {
  return {
    name,
    datasource: SOURCE,
    enable: true,
    iconColor,
    titleFormat,
    expr: `1000 * ${seconds}`,
    step: "60s",
    useValueForTime: true,
  };
}
