import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CliApp } from "../support/cli-app";
import { docker } from "../support/engine";
import { eventually } from "../support/eventually";
import { formation, startFormation, type Running } from "../support/formation-command";
import { installPrograms } from "../support/install";
import { freePort } from "../support/ports";
import { Prometheus, promtool } from "../support/prometheus";

// A real Prometheus uses the files that `formation monitor write` makes, with one app.

const app = new CliApp();
const { stack, name } = app;
const folder = join(stack.folder, "monitoring");
const WEB = `node -e 'require("http").createServer((_, to) => to.end("shop_orders_total 7\\n")).listen(process.env.PORT)'`;
/** Longer than a scale, the steps of which come one after the other. */
const PATIENCE_MS = 8_000;

const run = (...args: string[]) => formation(stack, ...args);
const container = (process: string) => docker.getContainer(`${name}.${process}`);
const write = (exporter: string) =>
  run("monitor", "write", folder, "--for", `${PATIENCE_MS / 1000}s`, "--exporter", exporter);

let exporter: Running;
let endpoint: string;
let prometheus: Prometheus;

beforeAll(async () => {
  installPrograms("test-monitoring");
  await app.create(`update: { monitor: 0 }, scale: { web: 2, clock: 1 },
    processes: { web: { port: 8080, connections: { db: 10 } } }, backingServices: { db: { maxConnections: 50 } },
    procfile: ${JSON.stringify(`web: ${WEB}\nworker: sleep 100000\nclock: sleep 100000\n`)}`);
  endpoint = `127.0.0.1:${await freePort()}`;
  exporter = startFormation(stack, ["metrics", "--listen", endpoint]);
  await exporter.says(`metrics are at http://${endpoint}/metrics`);
  expect(await write(endpoint)).toMatchObject({ code: 0, stderr: "" });
  prometheus = await Prometheus.start(folder);
});
afterAll(async () => {
  await prometheus?.stop();
  exporter?.child.kill();
  await app.remove();
});

test("promtool finds nothing to complain about", async () => {
  expect(promtool(["check", "config", join(folder, "prometheus.yml")])).toMatch(/SUCCESS: 12 rules found/);
  const file = join(stack.folder, "shop.prom");
  expect(await run("metrics", "--textfile", file, "--once")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(promtool(["check", "metrics"], readFileSync(file, "utf8"))).toBe("");
});

test("the exporter says that it lives, and speaks the format that it is asked for", async () => {
  expect(await (await fetch(`http://${endpoint}/-/healthy`)).text()).toBe("ok\n");
  const typeFor = async (accept: string) =>
    (await fetch(`http://${endpoint}/metrics`, { headers: { accept } })).headers.get("content-type");
  expect(await typeFor("text/plain")).toMatch(/^text\/plain/);
  expect(await typeFor("application/openmetrics-text;version=1.0.0,text/plain;q=0.5")).toMatch(
    /^application\/openmetrics/,
  );
});

test("the exporter and each published process are scraped, with labels that say what it is", async () => {
  await eventually(async () => {
    expect((await prometheus.query("up == 1")).length).toBe(3);
  });
  const orders = await prometheus.query("shop_orders_total");
  expect(orders.map(({ labels }) => labels["process"]).sort()).toEqual(["web.1", "web.2"]);
  expect(orders[0]?.labels).toMatchObject({
    app: name,
    type: "web",
    host: "local",
    release: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
  });
  const { State } = await container("web.1").inspect();
  const used = await eventuallyValue(`formation_process_cpu_seconds_total{process="web.1"}`);
  expect(used).toBeGreaterThan(0);
  expect(used).toBeLessThan((Date.now() - Date.parse(State.StartedAt)) / 500);
  expect(await eventuallyValue(`formation_process_memory_bytes{process="web.1"}`)).toBeGreaterThan(100_000);
});

test("every panel of the Grafana dashboard has something to show", async () => {
  const { panels, annotations } = JSON.parse(
    readFileSync(join(folder, "grafana/dashboards/formation.json"), "utf8"),
  ) as { panels: { targets: { expr: string }[] }[]; annotations: { list: { expr: string }[] } };
  const all = [...panels.flatMap(({ targets }) => targets), annotations.list[0]!];
  // Grafana puts these in.
  const values = { $project: "cli", $stack: "dev", $app: name, $__rate_interval: "1m" };
  const expressions = all.map(({ expr }) =>
    Object.entries(values).reduce((text, [variable, value]) => text.replaceAll(variable, value), expr),
  );
  expect(expressions.length).toBeGreaterThan(8);
  for (const expression of expressions) {
    await eventually(async () => {
      expect({ expression, found: (await prometheus.query(expression)).length }).not.toMatchObject({ found: 0 });
    });
  }
});

test("a process that is removed by hand is missed, until it is back", async () => {
  expect(await prometheus.firing()).toEqual([]);
  const since = Date.now();
  await container("web.2").remove({ force: true });
  await eventually(async () => {
    expect(await prometheus.firing()).toEqual([`FormationBelowDesired: ${name}: 1 of web run, fewer than wanted`]);
  });
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  await silence();
  expect(await prometheus.firedSince(since)).toEqual(["FormationBelowDesired web"]);
});

test("a second clock is told at once, and one that is gone after a while", async () => {
  const { Config } = await container("clock.1").inspect();
  const twin = await docker.createContainer({ ...Config, name: `${name}.twin` });
  await twin.start();
  try {
    await eventually(async () => {
      expect(await prometheus.firing()).toEqual([`FormationSingletonTwice: ${name}: clock runs 2 times`]);
    });
  } finally {
    await twin.remove({ force: true });
  }
  await silence();
  await container("clock.1").stop({ t: 0 });
  await eventually(async () => {
    expect(await prometheus.firing()).toEqual([
      `FormationBelowDesired: ${name}: 0 of clock run, fewer than wanted`,
      `FormationSingletonAbsent: ${name}: clock does not run`,
    ]);
  });
  await container("clock.1").start();
  await silence();
});

test("outputs change with the formation, not when a container restarts", async () => {
  const before = await stack.outputs();
  await container("web.1").restart({ t: 0 });
  expect(await stack.pulumi("refresh", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await stack.outputs()).toEqual(before);
});

test("a scale to 0 is silent, and what is gone is scraped no longer once the files are written again", async () => {
  const since = Date.now();
  expect(await run("scale", "web=0", "clock=0", "--yes")).toMatchObject({ code: 0 });
  expect(await write(endpoint)).toMatchObject({ code: 0 });
  await eventually(async () => {
    expect(await prometheus.query(`sum(formation_desired_processes)`)).toEqual([{ labels: {}, value: 0 }]);
    expect(await prometheus.query(`up{job="processes"}`)).toEqual([]);
  });
  await delay(PATIENCE_MS + 3_000);
  expect(await prometheus.firedSince(since)).toEqual([]);
});

test("an app that is gone is watched no longer once the files are written again", async () => {
  const own = () => ["targets", "exporters", "rules"].flatMap((one) => readdirSync(join(folder, one)));
  expect(own()).toEqual([`${name}-dev.json`, "cli-dev.json", `${name}-dev.yml`]);
  expect(await stack.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await write(endpoint)).toEqual({
    code: 0,
    stdout: `removed what monitoring ${name} took: stack dev no longer has it\n`,
    stderr: "",
  });
  expect(own()).toEqual([]);
  expect(await write(endpoint)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("dev has no formation yet") as string,
  });
});

async function silence(): Promise<void> {
  await eventually(async () => {
    expect(await prometheus.firing()).toEqual([]);
  });
}

async function eventuallyValue(expression: string): Promise<number | undefined> {
  await eventually(async () => {
    expect((await prometheus.query(expression)).length).toBe(1);
  });
  return (await prometheus.query(expression))[0]?.value;
}
