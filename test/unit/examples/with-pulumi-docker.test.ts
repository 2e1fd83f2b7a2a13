import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { registered, type Run } from "../../support/registered";

const folder = join(__dirname, "../../../examples/with-pulumi-docker");
const before = process.cwd();

beforeAll(() => process.chdir(folder));
afterAll(() => process.chdir(before));

const IMAGE = "docker:index/image:Image";
const NETWORK = "docker:index/network:Network";
const FORMATION = "pulumi-nodejs:dynamic/formation:Formation";

async function example(run: Run) {
  let resources = new Map<string, unknown>();
  await jest.isolateModulesAsync(async () => {
    resources = await registered(() => import("../../../examples/with-pulumi-docker/index"), { ...run, stack: "test" });
  });
  return resources;
}

test("the image that was built and the network that was made go into the formation", async () => {
  const outputs = { [IMAGE]: { repoDigest: "sha256:1f2e" }, [NETWORK]: { name: "shop-test-5d3" } };
  const resources = await example({ outputs });
  expect(resources.get(IMAGE)).toMatchObject({ build: { context: "../procfile-app" }, skipPush: true });
  expect(resources.get(FORMATION)).toEqual({
    image: "sha256:1f2e",
    network: "shop-test-5d3",
    procfile: readFileSync(join(folder, "../procfile-app/Procfile"), "utf8"),
    processes: { web: { port: 8080 } },
    scale: { web: 2, worker: 1 },
    __provider: 'exports.handler=()=>require("pulumi-formation/provider")',
    __urn: `urn:pulumi:test::project::${FORMATION}::shop-test`,
  });
});

test("before they are made, a preview knows neither", async () => {
  const resources = await example({ preview: true });
  expect(resources.get(FORMATION)).toMatchObject({ image: pulumi.unknown, network: pulumi.unknown });
});
