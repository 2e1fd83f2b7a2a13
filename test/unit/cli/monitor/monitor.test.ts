import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastScale } from "../../../../cli/metrics/last-scale";
import { registryOf } from "../../../../cli/metrics/registry";
import type { Snapshot } from "../../../../cli/metrics/snapshot";
import type { Row } from "../../../../cli/ps/rows";
import { rulesOf, type RuleOptions } from "../../../../cli/monitor/rules";
import { removeGone } from "../../../../cli/monitor/written";
import { appFiles } from "../../../../cli/monitor/files";
import { grafanaDashboard } from "../../../../cli/monitor/grafana";
import { targetsOf, unreachableOf } from "../../../../cli/monitor/targets";
import { writeMonitoring } from "../../../../cli/monitor";

const snapshot: Snapshot = {
  project: "p",
  stack: "dev",
  app: "shop",
  collected: { at: 1795446300, seconds: 0.25 },
  failing: new Set(),
  release: { name: "1f2e3d4c", image: "shop:1" },
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
  const text = await registryOf([snapshot, { ...snapshot, app: "blog" }], "openmetrics").metrics();
  for (const line of [
    'formation_desired_processes{project="p",stack="dev",app="shop",type="web"} 2',
    'formation_running_processes{project="p",stack="dev",app="shop",type="web"} 1',
    'formation_singleton{project="p",stack="dev",app="shop",type="clock"} 1',
    'formation_desired_processes{project="p",stack="dev",app="blog",type="web"} 2',
    'formation_release_info{project="p",stack="dev",app="shop",release="1f2e3d4c",image="shop:1"} 1',
    'formation_collected_timestamp_seconds{project="p",stack="dev",app="shop"} 1795446300',
    'formation_collection_duration_seconds{project="p",stack="dev",app="shop"} 0.25',
    'formation_host_up{project="p",stack="dev",app="shop",host="b"} 0',
    'formation_backing_service_connections_limit{project="p",stack="dev",app="shop",service="db"} 90',
    'formation_last_scale_timestamp_seconds{project="p",stack="dev",app="shop"} 1795446245',
    'formation_last_scale_info{project="p",stack="dev",app="shop",actor="adam@example.com"} 1',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).not.toMatch(/formation_(running_processes|singleton_copies)\{[^}]*clock/);
});

test("each process: how it is, since when, and how much it may use", async () => {
  const details = { since: "2026-11-23T15:04:05Z", restarts: 2, exitCode: 0, outOfMemory: false };
  const place = { host: "a", container: "c1", release: () => "r1" };
  const row: Row = {
    name: "web.1",
    type: "web",
    index: 1,
    state: { kind: "up", age: 60 },
    command: "",
    place,
    details,
    usage: { memory: 100, memoryLimit: 400, cpus: 0.5, cpuSeconds: 9 },
  };
  const crashed: Row = {
    ...row,
    name: "web.2",
    index: 2,
    place: { ...place, container: "c2" },
    state: { kind: "crashed", exitCode: 137, outOfMemory: true, age: 1 },
    details: { ...details, exitCode: 137, outOfMemory: true },
  };
  const seen = { ...snapshot, rows: [row, crashed] };
  const all = [seen, { ...seen, app: "blog", failing: new Set(["c1"]) }];
  const text = await registryOf(all, "openmetrics").metrics();
  const of = (app: string, process: string) => `{project="p",stack="dev",app="${app}",type="web",process="${process}"`;
  for (const line of [
    `formation_process_memory_limit_bytes${of("shop", "web.1")}} 400`,
    `formation_process_cpu_seconds_total${of("shop", "web.1")}} 9`,
    `formation_process_cpu_seconds_total${of("blog", "web.1")}} 9`,
    `formation_process_restarts_total${of("shop", "web.2")}} 2`,
    `formation_process_ready${of("shop", "web.1")}} 1`,
    `formation_process_ready${of("blog", "web.1")}} 0`,
    `formation_process_state${of("shop", "web.2")},state="crashed"} 1`,
    `formation_process_start_time_seconds${of("shop", "web.1")}} 1795446245`,
    `formation_process_out_of_memory${of("shop", "web.1")}} 0`,
    `formation_process_out_of_memory${of("shop", "web.2")}} 1`,
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).not.toContain(`formation_process_start_time_seconds${of("shop", "web.2")}`);
  expect(text.match(/^# TYPE formation_process_cpu_seconds /gm)).toHaveLength(1);
});

test("who scaled last, past what came after", () => {
  const later = "2026-11-24T15:04:05+00:00 formation[api]: Repair web.1 of web=2, clock=1 by eve@example.com";
  expect(lastScale([...snapshot.log, later])).toEqual({ at: 1795446245, actor: "adam@example.com" });
  expect(lastScale([later])).toBeUndefined();
});

test("a target for each published process", () => {
  const process = { name: "web.1", type: "web", index: 1, host: "a", container: "c", state: "running", since: "" };
  const published = { ...process, release: "r1", endpoint: "127.0.0.1:20000" };
  expect(
    targetsOf({ app: "shop", project: "p", stack: "dev" }, [published, { ...process, index: 2, release: "r1" }]),
  ).toEqual([
    {
      targets: ["127.0.0.1:20000"],
      labels: { project: "p", stack: "dev", app: "shop", type: "web", process: "web.1", host: "a", release: "r1" },
    },
  ]);
});

test("a process on the loopback of another machine is no target, and is told", () => {
  const process = { type: "web", index: 1, container: "c", state: "running", since: "", release: "r1" };
  const instances = [
    { ...process, name: "web.1", host: "local", endpoint: "127.0.0.1:20000" },
    { ...process, name: "web.2", host: "b", endpoint: "127.0.0.1:20000" },
    { ...process, name: "web.3", host: "b", endpoint: "10.0.0.2:20001" },
    { ...process, name: "web.4", host: "b", endpoint: "[::1]:20001" },
  ];
  const targets = targetsOf({ app: "shop" }, instances, ["b"]);
  expect(targets.map(({ labels }) => labels["process"])).toEqual(["web.1", "web.3"]);
  expect(unreachableOf(instances, ["b"])).toEqual(["web.2", "web.4"]);
});

test("stacks of one app have files of their own, and an exporter for each stack", () => {
  const of = (app: string, stack: string) =>
    Object.keys(appFiles({ app, project: "p", stack, instances: [] }, { patience: "5m", exporter: "e:1" }));
  expect(of("shop", "dev")).toEqual(["targets/shop-dev.json", "exporters/p-dev.json", "rules/shop-dev.yml"]);
  expect(of("blog", "dev")).toContain("exporters/p-dev.json");
  expect(of("shop", "prod")).toContain("rules/shop-prod.yml");
});

test("one dashboard is for all: everything on it is of the project, stack and app that are chosen", () => {
  const { templating, panels, annotations } = grafanaDashboard();
  expect(templating.list.map(({ name }) => name)).toEqual(["source", "project", "stack", "app"]);
  const expressions = [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...annotations.list.map(({ expr }) => expr),
  ];
  for (const expression of expressions) {
    const metrics = expression.match(/formation_\w+/g) ?? [];
    expect(expression.split('{project="$project",stack="$stack",app="$app"}')).toHaveLength(metrics.length + 1);
    if (expression.startsWith("rate(")) expect(expression).toContain("[$__rate_interval]");
  }
  expect(annotations.list.map(({ name }) => name)).toEqual(["Scales", "Releases"]);
  const { mappings } = panels.find(({ title }) => title === "Hosts")?.fieldConfig.defaults as unknown as {
    mappings: readonly { readonly options: Readonly<Record<string, { readonly text: string }>> }[];
  };
  expect(mappings[0]?.options["0"]?.text).toBe("cannot be reached");
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

function rulesWith(options: Partial<RuleOptions> = {}) {
  return rulesOf({ app: "shop" }, { patience: "1m", ...options }).groups.flatMap(({ rules }) => rules);
}

test("alerts wait as long as is said, and a second singleton is told at once", () => {
  const patience = Object.fromEntries(rulesWith().map((rule) => [rule.alert, rule.for]));
  expect(patience).toMatchObject({ FormationBelowDesired: "1m", FormationSingletonTwice: undefined });
});

test("how near a limit is near can be said, and the alert says so", () => {
  const near = (options?: Partial<RuleOptions>) =>
    rulesWith(options).flatMap(({ alert, expr, annotations: { summary, description } }) => {
      if (!alert.endsWith("NearLimit")) return [];
      return [[/> (\S+) \*/.exec(expr)?.[1], /more than (\S+) %/.exec(summary + description)?.[1]]];
    });
  expect(near()).toEqual([
    ["0.9", "90"],
    ["0.9", "90"],
  ]);
  expect(near({ near: 75 })).toEqual([
    ["0.75", "75"],
    ["0.75", "75"],
  ]);
});

test("each alert is severe to a degree, and leads to its own name on a page that is given", () => {
  for (const { labels, annotations } of rulesWith()) {
    expect(labels.severity).toMatch(/^(critical|warning)$/);
    expect(annotations).not.toHaveProperty("runbook_url");
  }
  const urls = rulesWith({ runbooks: "https://wiki.example.com/shop" }).map(
    ({ annotations }) => annotations.runbook_url,
  );
  expect(urls[0]).toBe("https://wiki.example.com/shop#formationbelowdesired");
  expect(new Set(urls).size).toBe(urls.length);
});

test("there is a word in the docs on what to do about each alert", () => {
  const docs = readFileSync(join(__dirname, "../../../../docs/monitoring.md"), "utf8");
  for (const { alert } of rulesWith()) expect(docs).toContain(`#### ${alert}\n`);
});

describe("files of apps that are gone", () => {
  const options = { patience: "5m", exporter: "127.0.0.1:9394" };
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "formation-monitoring-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (app: string, stack: string) => {
    writeMonitoring(folder, { app, project: "p", stack, instances: [] }, options);
  };
  const there = () => ["targets", "exporters", "rules"].flatMap((one) => readdirSync(join(folder, one)));

  test("are removed, and what another stack or nobody of us has written is not", () => {
    for (const [app, stack] of [
      ["shop", "dev"],
      ["blog", "dev"],
      ["shop", "prod"],
    ] as const)
      write(app, stack);
    writeFileSync(join(folder, "rules/own.yml"), "groups: []\n");
    expect(removeGone(folder, { project: "p", stack: "dev" }, ["shop", "blog"])).toEqual([]);
    expect(removeGone(folder, { project: "p", stack: "dev" }, ["blog"])).toEqual(["shop"]);
    expect(there()).toEqual([
      "blog-dev.json",
      "shop-prod.json",
      "p-dev.json",
      "p-prod.json",
      "blog-dev.yml",
      "own.yml",
      "shop-prod.yml",
    ]);
    expect(removeGone(folder, { project: "p", stack: "dev" }, [])).toEqual(["blog"]);
    expect(there()).toEqual(["shop-prod.json", "p-prod.json", "own.yml", "shop-prod.yml"]);
    expect(removeGone(folder, { project: "p", stack: "dev" }, [])).toEqual([]);
    expect(existsSync(join(folder, "grafana/dashboards/formation.json"))).toBe(true);
  });

  test("stay as long as another app has them, too", () => {
    write("a-b", "c");
    write("a", "b-c");
    expect(removeGone(folder, { project: "p", stack: "c" }, [])).toEqual(["a-b"]);
    expect(there()).toEqual(["a-b-c.json", "p-b-c.json", "a-b-c.yml"]);
  });

  test("are nothing outside of the folders that are ours, whatever the list says", () => {
    write("shop", "dev");
    writeFileSync(
      join(folder, ".written/p+dev.json"),
      JSON.stringify({ shop: ["prometheus.yml", "rules/../README.md"] }),
    );
    expect(removeGone(folder, { project: "p", stack: "dev" }, [])).toEqual(["shop"]);
    expect(existsSync(join(folder, "prometheus.yml")) && existsSync(join(folder, "README.md"))).toBe(true);
  });
});
