import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastScale } from "../../cli/metrics/last-scale";
import { registryOf } from "../../cli/metrics/registry";
import type { Snapshot } from "../../cli/metrics/snapshot";
import { rulesOf } from "../../cli/monitor/rules";
import { targetsOf } from "../../cli/monitor/targets";
import { writeMonitoring } from "../../cli/monitor";

const snapshot: Snapshot = {
  app: "shop",
  types: [
    { type: "web", isSingleton: false, desired: 2, running: 1, ready: 1 },
    { type: "clock", isSingleton: true, desired: 1, running: undefined, ready: undefined },
  ],
  rows: [],
  hosts: [
    { name: "a", isReachable: true },
    { name: "b", isReachable: false },
  ],
  budgets: { db: { used: 30, limit: 90, detail: "" } },
  log: ["2026-11-23T15:04:05+00:00 formation[api]: Scale to web=2, clock=1 by adam@example.com"],
};

test("what is measured, and nothing of what cannot be seen", async () => {
  const text = await registryOf(snapshot, "openmetrics").metrics();
  for (const line of [
    'formation_desired_processes{app="shop",type="web"} 2',
    'formation_running_processes{app="shop",type="web"} 1',
    'formation_singleton{app="shop",type="clock"} 1',
    'formation_host_up{app="shop",host="b"} 0',
    'formation_backing_service_connections_limit{app="shop",service="db"} 90',
    'formation_last_scale_timestamp_seconds{app="shop",actor="adam@example.com"} 1795446245',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).not.toMatch(/formation_(running_processes|singleton_copies)\{[^}]*clock/);
});

test("who scaled last, past what came after", () => {
  const later = "2026-11-24T15:04:05+00:00 formation[api]: Repair web.1 of web=2, clock=1 by eve@example.com";
  expect(lastScale([...snapshot.log, later])).toEqual({ at: 1795446245, actor: "adam@example.com" });
  expect(lastScale([later])).toBeUndefined();
});

test("a target for each published process", () => {
  const process = { name: "web.1", type: "web", index: 1, host: "a", container: "c", state: "running", since: "" };
  const published = { ...process, release: "r1", endpoint: "127.0.0.1:20000" };
  expect(targetsOf("shop", [published, { ...process, index: 2, release: "r1" }])).toEqual([
    {
      targets: ["127.0.0.1:20000"],
      labels: { app: "shop", type: "web", process: "web.1", host: "a", release: "r1" },
    },
  ]);
});

test("files of an app are written again, what apps share and somebody may have edited is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "formation-monitoring-"));
  const write = (app: string, exporter: string) =>
    writeMonitoring(folder, { app, instances: [] }, { patience: "5m", exporter });
  try {
    write("shop", "127.0.0.1:9394");
    writeFileSync(join(folder, "prometheus.yml"), "edited");
    write("shop", "127.0.0.1:9999");
    write("blog", "127.0.0.1:9395");
    expect(readFileSync(join(folder, "prometheus.yml"), "utf8")).toBe("edited");
    expect(readFileSync(join(folder, "exporters/shop.json"), "utf8")).toContain("127.0.0.1:9999");
    expect(readdirSync(join(folder, "exporters"))).toEqual(["blog.json", "shop.json"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("alerts wait as long as is said, and a second singleton is told at once", () => {
  const [{ rules }] = rulesOf("shop", "1m").groups as [ReturnType<typeof rulesOf>["groups"][number]];
  const patience = Object.fromEntries(rules.map((rule) => [rule.alert, rule.for]));
  expect(patience).toMatchObject({ FormationBelowDesired: "1m", FormationSingletonTwice: undefined });
});
