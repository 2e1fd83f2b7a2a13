import { hostname, tmpdir } from "node:os";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatPeriod, parsePeriod } from "../../../cli/terminal/duration";
import { eventOf } from "../../../cli/update/events";
import { parseAddress, parseListen } from "../../../cli/serve";
import { lifeOf } from "../../../cli/change/lock";
import { select } from "../../../cli/observe/select";
import { askToStop } from "../../../cli/change/preview";
import type { CliContext } from "../../../cli/context";
import { findProject } from "../../../cli/project/project";
import { pulumiCommand } from "../../../cli/project/pulumi";
import type { Observation } from "../../../cli/observe/observe";
import { deployedImage, limitsLike } from "../../../cli/run/one-off";
import { readAppJson } from "../../../provider/core/inputs/app-json";
import { parseDeclared } from "../../../provider/lifecycle/declared";
import { wantedSlots } from "../../../cli/wait/deployed";
import { ownProcess } from "../../../provider/engine/own-process";

// Arguments of commands, and the sources from which commands learn a formation.

function parsedSpec(inputs: Parameters<typeof parseDeclared>[0]) {
  const parsed = parseDeclared(inputs, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

test.each([
  ["30", 30],
  ["1.5", 1.5],
  ["1h30m", 5400],
  ["2d", 172_800],
  ["1w1d1h", 694_800],
  ["500ms", 0.5],
  ["", undefined],
  ["1d30", undefined],
  ["d", undefined],
  ["-5", undefined],
  ["tomorrow", undefined],
])("a length of time: %j", (text, seconds) => expect(parsePeriod(text)).toBe(seconds));

test.each([
  [0, "0s"],
  [300, "5m"],
  [5400, "1h30m"],
  [90.5, "1m30s500ms"],
  [694_800, "193h"],
])("a length of time as Prometheus takes it: %d s", (seconds, text) => {
  expect(formatPeriod(seconds)).toBe(text);
  expect(parsePeriod(text)).toBe(seconds);
});

test.each([
  ["9394", "127.0.0.1", 9394],
  ["metrics.example.com:9394", "metrics.example.com", 9394],
  ["host.docker.internal:1", "host.docker.internal", 1],
  ["[::1]:9394", "::1", 9394],
  ["10.0.0.1:9394", "10.0.0.1", 9394],
])("an address of the exporter: %s", (text, address, port) => expect(parseAddress(text)).toEqual({ address, port }));

test.each(["", "a b:1", "300.1.1.1:80", "host:70000", "http://host:1"])("no address: %j", (text) =>
  expect(parseAddress(text)).toBeUndefined(),
);

test("a service listens on an address, of which localhost is one, not on a name", () => {
  expect(parseListen("localhost:9394")).toEqual({ address: "127.0.0.1", port: 9394 });
  expect(() => parseListen("metrics.example.com:9394")).toThrow("--listen");
});

test.each([
  ["linux", "install Pulumi, or add the npm package pulumi to the project"],
  ["win32", "on Windows, formation and Pulumi are to be run in WSL: install both there"],
])("where there is no Pulumi it is said what to do, on %s", (platform, hint) => {
  expect(() => pulumiCommand("/", { PATH: "/nowhere" }, platform)).toThrow(
    expect.objectContaining({ message: "there is no pulumi command", hint }) as Error,
  );
});

test("a process that is not wanted is not waited for", () => {
  const slots = wantedSlots({ formation: { web: 2, worker: 0 } });
  const types = ["web", "worker"];
  expect(() => select(["web.9"], types, slots)).toThrow("there is no process web.9");
  expect(() => select(["worker.1"], types, slots)).toThrow("there is no process worker.1");
  expect(select(["web.2"], types, slots)({ type: "web", index: 2 })).toBe(true);
  expect(select(["worker"], types, slots)({ type: "worker", index: 1 })).toBe(true);
});

test("a line that only looks like an event says nothing", () => {
  expect(eventOf("{ not json", "urn")).toBeUndefined();
});

test("whoever holds a lock is gone when its process is, though the number is another's or the machine is called otherwise", () => {
  const alive = { pid: process.pid, host: hostname(), process: ownProcess() };
  const [boot = "", namespace = "", pid = ""] = alive.process.split(" ");
  expect(lifeOf(alive)).toBe("alive");
  expect(lifeOf({ ...alive, process: `${boot} ${namespace} ${pid} 1` })).toBe("dead");
  expect(lifeOf({ pid: 1, host: "laptop.home", process: `${boot} ${namespace} 999999999 1` })).toBe("dead");
  expect(lifeOf({ pid: 1, host: "gone.example.com", process: "" })).toBe("elsewhere");
});

test("what is said twice by the provider is said once", async () => {
  const context = { isInteractive: false, note: () => undefined } as unknown as CliContext;
  const stops = "running processes would be stopped: web.2 (scale down): say --yes if that is meant";
  await expect(askToStop(context, "", stops)).rejects.toMatchObject({
    message: "running processes would be stopped: web.2 (scale down)",
    hint: "say --yes if that is meant",
  });
});

describe("a folder that is reached by a link", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "formation-unit-")));
  afterAll(() => rmSync(root, { recursive: true }));
  const [real, link, home] = ["real", "link", "home"].map((name) => join(root, name)) as [string, string, string];
  mkdirSync(real);
  symlinkSync(real, link);
  mkdirSync(join(home, "workspaces"), { recursive: true });
  writeFileSync(join(real, "Pulumi.yaml"), "name: p\n");
  const selectIn = (folder: string, stack: string) => {
    const digest = createHash("sha1").update(join(folder, "Pulumi.yaml")).digest("hex");
    writeFileSync(join(home, "workspaces", `p-${digest}-workspace.json`), JSON.stringify({ stack }));
  };

  test("has the stack that was selected under either name", () => {
    selectIn(real, "dev");
    expect(findProject(link, undefined, { PULUMI_HOME: home }).stack).toBe("dev");
    selectIn(link, "prod");
    expect(findProject(link, undefined, { PULUMI_HOME: home }).stack).toBe("prod");
    expect(findProject(real, undefined, { PULUMI_HOME: home }).stack).toBe("dev");
  });

  test("is called as the shell calls it, while that is where we are", () => {
    const before = process.cwd();
    process.chdir(real);
    try {
      expect(findProject(undefined, undefined, { PULUMI_HOME: home, PWD: link }).stack).toBe("prod");
      expect(findProject(undefined, undefined, { PULUMI_HOME: home, PWD: root }).stack).toBe("dev");
      expect(findProject(undefined, undefined, { PULUMI_HOME: home }).stack).toBe("dev");
    } finally {
      process.chdir(before);
    }
  });
});

describe("a one-off process", () => {
  const spec = parsedSpec({
    image: "shop:1",
    procfile: "web: a\nworker: b\n",
    processes: { web: { size: { memory: "256Mi" } }, worker: { size: { cpus: 2 } } },
  });

  test("has web's limits, or those of the type that is named", () => {
    expect(limitsLike(spec, undefined)).toEqual({ memory: 256 * 2 ** 20 });
    expect(limitsLike(spec, "worker")).toEqual({ cpus: 2e9 });
    expect(() => limitsLike(spec, "wrker")).toThrow('--like is "wrker", which is no process type of shop');
  });

  test("has the image that runs, not what its tag has come to mean", () => {
    const container = (more: object) => ({ type: "web", image: "shop:1", imageId: "old", createdAt: 1, ...more });
    const look = (...containers: object[]) => ({ kind: "seen", containers }) as unknown as Observation;
    expect(deployedImage(look(container({}), container({ imageId: "new", createdAt: 2 })), "shop:1")).toBe("new");
    expect(deployedImage(look(container({ type: "run" }), container({ image: "shop:0" })), "shop:1")).toBeUndefined();
    expect(deployedImage(undefined, "shop:1")).toBeUndefined();
  });
});

test.each([
  ["Eco", 512],
  ["1X", 512],
  ["standard-2x", 1024],
  ["performance-m", 2560],
  ["performance-l-ram", 30 * 1024],
  ["Performance-2XL", 126 * 1024],
  ["private-s", 1024],
  ["shield-xl", 62 * 1024],
  ["dyno-1c-0.5gb", 512],
  ["dyno-8c-64gb", 64 * 1024],
])("Heroku's size %s", (size, mebibytes) => {
  expect(readAppJson(JSON.stringify({ formation: { web: { size } } }))).toEqual({
    ok: true,
    fallbacks: { web: { memory: mebibytes * 2 ** 20 } },
  });
});
