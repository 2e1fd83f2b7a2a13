import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { appFiles } from "../../cli/monitor/files";
import { installPrograms } from "../support/install";
import { promtool } from "../support/prometheus";

// Prometheus evaluates the alert rules in made-up time: a value a minute.

const folder = mkdtempSync(join(tmpdir(), "formation-rules-"));
const RULES = "rules.yml";

beforeAll(() => {
  installPrograms("test-monitoring");
  const files = appFiles({ app: "shop", instances: [] }, { patience: "5m", exporter: "127.0.0.1:9394" });
  writeFileSync(join(folder, RULES), files["rules/shop.yml"] ?? "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Values by series without the app; `_` is a missing value, as while a host cannot be reached. */
type Series = Readonly<Record<string, string>>;

const usual: Series = {
  'desired_processes{type="web"}': "2x20",
  'running_processes{type="web"}': "2x20",
  'desired_processes{type="clock"}': "1x20",
  'running_processes{type="clock"}': "1x20",
  'singleton_copies{type="clock"}': "1x20",
  'ready_processes{type="web"}': "2x20",
  'ready_processes{type="clock"}': "1x20",
  'process_restarts_total{process="web.1"}': "0x20",
  'process_memory_bytes{process="web.1"}': "50x20",
  'process_memory_limit_bytes{process="web.1"}': "100x20",
  'process_out_of_memory{process="web.1"}': "0x20",
  "collected_timestamp_seconds{}": "0+60x20",
  'backing_service_connections{service="db"}': "90x20",
  'backing_service_connections_limit{service="db"}': "100x20",
  'host_up{host="a"}': "1x20",
};
const without = (...keys: string[]) => Object.fromEntries(Object.entries(usual).filter(([key]) => !keys.includes(key)));
const unmeasured = Object.fromEntries(Object.keys(usual).map((key) => [key, "_x20"]));

test.each<[string, Series, Readonly<Record<string, readonly string[]>>]>([
  ["nothing, as it should be", usual, { "20m": [] }],
  [
    "a web process that is missing, after 5 minutes",
    { ...usual, 'running_processes{type="web"}': "2 1x19", 'ready_processes{type="web"}': "2 1x19" },
    { "5m": [], "6m": ["FormationBelowDesired web"] },
  ],
  [
    "nothing of one that was missing for 4 minutes",
    { ...usual, 'running_processes{type="web"}': "2 1x4 2x14", 'ready_processes{type="web"}': "2 1x4 2x14" },
    { "6m": [], "15m": [] },
  ],
  [
    "nothing of a type that is scaled to 0",
    {
      ...usual,
      'desired_processes{type="web"}': "2 0x19",
      'running_processes{type="web"}': "2 0x19",
      'ready_processes{type="web"}': "2 0x19",
    },
    { "20m": [] },
  ],
  [
    "nothing of a singleton that is scaled to 0",
    {
      ...usual,
      'desired_processes{type="clock"}': "0x20",
      'running_processes{type="clock"}': "0x20",
      'ready_processes{type="clock"}': "0x20",
      'singleton_copies{type="clock"}': "0x20",
    },
    { "20m": [] },
  ],
  [
    "a second clock at once",
    { ...usual, 'singleton_copies{type="clock"}': "1 2x19" },
    { "0m": [], "1m": ["FormationSingletonTwice clock"] },
  ],
  [
    "a clock that is gone",
    {
      ...usual,
      'running_processes{type="clock"}': "0x20",
      'ready_processes{type="clock"}': "0x20",
      'singleton_copies{type="clock"}': "0x20",
    },
    { "4m": [], "5m": ["FormationBelowDesired clock", "FormationSingletonAbsent clock"] },
  ],
  [
    "a process that ends again and again",
    { ...usual, 'process_restarts_total{process="web.1"}': "0x5 1+1x14" },
    { "5m": [], "15m": ["FormationCrashLoop web.1"] },
  ],
  [
    "a budget above 90 %",
    { ...usual, 'backing_service_connections{service="db"}': "91x20" },
    { "4m": [], "5m": ["FormationBudgetNearLimit db"] },
  ],
  [
    "a host that cannot be reached, and not what may run there",
    {
      ...without('running_processes{type="clock"}', 'ready_processes{type="clock"}', 'singleton_copies{type="clock"}'),
      'host_up{host="a"}': "0x20",
    },
    { "4m": [], "5m": ["FormationHostUnreachable a"] },
  ],
  [
    "a web process that is not ready, and all of them",
    { ...usual, 'ready_processes{type="web"}': "2 1x7 0x12" },
    { "5m": [], "6m": ["FormationNotReady web"], "14m": ["FormationNoneReady web", "FormationNotReady web"] },
  ],
  [
    "a process that was ended for want of memory, for as long as it is news",
    { ...usual, 'process_out_of_memory{process="web.1"}': "0x2 1 0x17" },
    { "2m": [], "3m": ["FormationOutOfMemory web.1"], "20m": [] },
  ],
  [
    "a process near its memory limit",
    { ...usual, 'process_memory_bytes{process="web.1"}': "91x20" },
    { "4m": [], "5m": ["FormationMemoryNearLimit web.1"] },
  ],
  [
    "a writer that has ended, though its last word is still read",
    { ...usual, "collected_timestamp_seconds{}": "0 60 120x18" },
    { "8m": [], "10m": ["FormationStale"] },
  ],
  ["nothing being measured", unmeasured, { "4m": [], "5m": ["FormationNotMeasured"] }],
])("they tell of %s", (name, series, expected) => {
  const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.yml`);
  writeFileSync(file, stringify(ruleTest(series, expected)));
  expect(promtool(["test", "rules", file])).toContain("SUCCESS");
});

test("a test of rules that expects what is not so fails", () => {
  const file = join(folder, "wrong.yml");
  writeFileSync(file, stringify(ruleTest(usual, { "20m": ["FormationBelowDesired web"] })));
  expect(() => promtool(["test", "rules", file])).toThrow(/FAILED/);
});

const FIRING = `count by (alertname, about) (
  label_join(ALERTS{alertstate="firing"}, "about", "", "type", "process", "service", "host"))`;

/** Makes a test that exactly these alerts fire at each time: by name, each with the type or host it is about. */
function ruleTest(series: Series, expected: Readonly<Record<string, readonly string[]>>) {
  const input = Object.entries(series).map(([key, values]) => ({
    series: `formation_${key.replace("{", '{app="shop",').replace(",}", "}")}`,
    values,
  }));
  const labels = (alert: string) => {
    const [name, about] = alert.split(" ");
    return `{alertname="${name}"${about === undefined ? "" : `,about="${about}"`}}`;
  };
  const expectations = Object.entries(expected).map(([time, alerts]) => ({
    expr: FIRING,
    eval_time: time,
    exp_samples: alerts.map((alert) => ({ labels: labels(alert), value: 1 })),
  }));
  return {
    rule_files: [RULES],
    evaluation_interval: "1m",
    tests: [{ interval: "1m", input_series: input, promql_expr_test: expectations }],
  };
}
