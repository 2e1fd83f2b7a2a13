import { createHash } from "node:crypto";
import { selectorOf } from "./rules";
import { labelsOf, type Whose } from "./targets";

/** A Grafana dashboard of one app's formation, in Grafana's own JSON. */
export function grafanaDashboard(whose: Whose) {
  const { app, stack } = whose;
  const of = (metric: string) => `formation_${metric}{${selectorOf(whose)}}`;
  const title = stack === undefined ? `Formation of ${app}` : `Formation of ${app} (${stack})`;
  const panels: readonly Panel[] = [
    [
      "timeseries",
      "Running and wanted",
      [of("running_processes"), "{{type}}"],
      [of("desired_processes"), "{{type}} wanted"],
    ],
    ["timeseries", "Ready", [of("ready_processes"), "{{type}}"]],
    ["timeseries", "Copies of singletons", [of("singleton_copies"), "{{type}}"]],
    ["timeseries", "Restarts in 10 minutes", [`increase(${of("process_restarts_total")}[10m])`, "{{process}}"]],
    [
      "bargauge",
      "Connections, as a share of the limit",
      [`${of("backing_service_connections")} / ${of("backing_service_connections_limit")}`, "{{service}}"],
    ],
    ["timeseries", "Memory", [of("process_memory_bytes"), "{{process}}"]],
    [
      "timeseries",
      "Memory, as a share of the limit",
      [`${of("process_memory_bytes")} / ${of("process_memory_limit_bytes")}`, "{{process}}"],
    ],
    ["timeseries", "CPUs", [`rate(${of("process_cpu_seconds_total")}[2m])`, "{{process}}"]],
    ["stat", "Hosts that can be reached", [of("host_up"), "{{host}}"]],
    ["table", "Processes", [of("process_info"), ""]],
  ];
  return {
    ...{ uid: uidOf(whose), title, tags: ["formation"], schemaVersion: 39, version: 1 },
    ...{ time: { from: "now-3h", to: "now" }, refresh: "15s", timezone: "browser", editable: true },
    templating: { list: [{ name: "source", label: "Prometheus", type: "datasource", query: "prometheus" }] },
    panels: panels.map(panel),
  };
}

/** Grafana takes at most 40 characters. */
function uidOf(whose: Whose): string {
  const name = `formation-${Object.values(labelsOf(whose)).join("-")}`;
  return name.length <= 40 ? name : `formation-${createHash("sha1").update(name).digest("hex").slice(0, 24)}`;
}

type Panel = readonly [type: string, title: string, ...queries: (readonly [expr: string, legend: string])[]];

const WIDTH = 12;
const HEIGHT = 8;
const UNITS: Readonly<Record<string, string>> = {
  Memory: "bytes",
  "Memory, as a share of the limit": "percentunit",
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
