import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { registered } from "../../support/registered";

const FORMATION = "pulumi-nodejs:dynamic/formation:Formation";
const instances = [
  {
    name: "web.1",
    type: "web",
    index: 1,
    host: "a",
    container: "c1",
    state: "running",
    since: "2026-11-23T15:04:05.000Z",
    release: "1f2e3d4c",
    endpoint: "127.0.0.1:20000",
  },
];
const before = process.cwd();
let folder: string;

beforeEach(() => process.chdir((folder = mkdtempSync(join(tmpdir(), "formation-example-")))));
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

async function example(preview: boolean): Promise<void> {
  pulumi.runtime.setAllConfig({ "project:image": "shop:1" });
  await jest.isolateModulesAsync(async () => {
    const run = { stack: "test", preview, outputs: { [FORMATION]: { instances } } };
    await registered(() => import("../../../examples/monitoring/index"), run);
  });
}

test("the program writes what Prometheus watches", async () => {
  await example(false);
  expect(JSON.parse(readFileSync("monitoring/targets/shop-test-test.json", "utf8"))).toEqual([
    {
      targets: ["127.0.0.1:20000"],
      labels: {
        project: "project",
        stack: "test",
        app: "shop-test",
        type: "web",
        process: "web.1",
        host: "a",
        release: "1f2e3d4c",
      },
    },
  ]);
  expect(existsSync("monitoring/rules/shop-test-test.yml")).toBe(true);
});

test("a preview writes nothing", async () => {
  await example(true);
  expect(existsSync("monitoring")).toBe(false);
});
