/** A Grafana dashboard of one app's formation, in Grafana's own JSON. */
export function grafanaDashboard(app: string) {
  const of = (metric: string) => `formation_${metric}{app="${app}"}`;
  const panels: readonly Panel[] = [
    [
      "timeseries",
      "Running and wanted",
      [of("running_processes"), "{{type}}"],
      [of("desired_processes"), "{{type}} wanted"],
    ],
    ["timeseries", "Copies of singletons", [of("singleton_copies"), "{{type}}"]],
    ["timeseries", "Restarts in 10 minutes", [`increase(${of("process_restarts_total")}[10m])`, "{{process}}"]],
    [
      "bargauge",
      "Connections, as a share of the limit",
      [`${of("backing_service_connections")} / ${of("backing_service_connections_limit")}`, "{{service}}"],
    ],
    ["timeseries", "Memory", [of("process_memory_bytes"), "{{process}}"]],
    ["timeseries", "CPUs", [`rate(${of("process_cpu_seconds_total")}[2m])`, "{{process}}"]],
    ["stat", "Hosts that can be reached", [of("host_up"), "{{host}}"]],
    ["table", "Processes", [of("process_info"), ""]],
  ];
  return {
    ...{ uid: `formation-${app}`, title: `Formation of ${app}`, tags: ["formation"], schemaVersion: 39, version: 1 },
    ...{ time: { from: "now-3h", to: "now" }, refresh: "15s", timezone: "browser", editable: true },
    templating: { list: [{ name: "source", label: "Prometheus", type: "datasource", query: "prometheus" }] },
    panels: panels.map(panel),
  };
}

type Panel = readonly [type: string, title: string, ...queries: (readonly [expr: string, legend: string])[]];

const WIDTH = 12;
const HEIGHT = 8;
const UNITS: Readonly<Record<string, string>> = {
  Memory: "bytes",
  "Connections, as a share of the limit": "percentunit",
};

function panel([type, title, ...queries]: Panel, at: number) {
  return {
    ...{ id: at + 1, type, title, datasource: { type: "prometheus", uid: "${source}" } },
    gridPos: { w: WIDTH, h: HEIGHT, x: (at % 2) * WIDTH, y: Math.floor(at / 2) * HEIGHT },
    fieldConfig: { defaults: { min: 0, unit: UNITS[title] ?? "short" }, overrides: [] },
    targets: queries.map(([expr, legendFormat], query) => ({
      ...{ refId: String.fromCharCode(65 + query), expr, legendFormat },
      ...(type === "table" ? { format: "table", instant: true } : {}),
    })),
  };
}
