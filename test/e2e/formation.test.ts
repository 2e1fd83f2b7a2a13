import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineProxy } from "../support/engine-proxy";
import { Stack } from "../support/stack";

interface Outputs {
  formation: Record<string, number>;
  summary: string;
  running: Record<string, number>;
  log: string[];
}

const app = uniqueName("shop");
const stack = new Stack("e2e");
const image = baseImage();
const SECRET = "hunter2-canary+/=";
const OF_WEB = "hunter2-of-web+/=";
const OF_WORKER = "hunter2-of-worker+/=";
const IN_FILE = "hunter2-in-file+/=";
let proxy: EngineProxy;

const PROCFILE = "web: node -e 'setInterval(() => {}, 1000)'\nworker: sleep 1000\nclock: sleep 1000\n";

const WEB = "web: { port: 8080, env: { OF_WEB: pulumi.secret(process.env.OF_WEB) } }";
const WORKER = "worker: { env: { OF_WORKER: pulumi.secret(process.env.OF_WORKER) } }";

function declare(scale: string, more = "", procfile = PROCFILE): void {
  stack.program(
    app,
    `{ image: ${JSON.stringify(image)}, update: { monitor: 0 }, procfile: ${JSON.stringify(procfile)},
       processes: { ${WEB} }, scale: ${scale}, secretsAsFiles: ["API_KEY"],
       env: { DATABASE_URL: pulumi.secret(process.env.CANARY), API_KEY: pulumi.secret(process.env.IN_FILE) } ${more} }`,
  );
}

/** Times of creation and start of each process, by its name. */
async function processes(): Promise<Map<string, string>> {
  const looks = (await containersOf(app)).map(async ({ Id }) => {
    const { Config, State } = await docker.getContainer(Id).inspect();
    const { "formation.type": type, "formation.index": index } = Config.Labels;
    return [`${type}.${index}`, `${State.Status} ${Id} ${State.StartedAt}`] as const;
  });
  return new Map((await Promise.all(looks)).sort());
}

beforeAll(async () => {
  proxy = await EngineProxy.start();
  Object.assign(stack.env, { DOCKER_HOST: proxy.address, CANARY: SECRET, OF_WEB, OF_WORKER, IN_FILE });
  declare("{}");
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await proxy.close();
  await removeContainersOf(app);
  stack.delete();
});

/** Reads the resource's outputs, because those of the stack are of the last up. */
async function recorded(): Promise<unknown> {
  const { output } = await stack.pulumi("stack", "export");
  const { deployment } = JSON.parse(output) as { deployment: { resources: { type: string; outputs: unknown }[] } };
  return deployment.resources.find(({ type }) => type.endsWith(":Formation"))?.outputs;
}

const said: string[] = [];
async function pulumi(...args: string[]) {
  const outcome = await stack.pulumi(...args);
  said.push(outcome.output);
  return outcome;
}

async function up(): Promise<void> {
  expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
}

test("a new app runs one web process, and the preview says so first", async () => {
  const preview = await pulumi("preview");
  expect(preview.output).toContain("formation  web=1 (default), worker=0 (default), clock=0 (default)");
  expect(await pulumi("up", "--yes")).toMatchObject({ code: 0 });
  expect(await stack.outputs<Outputs>()).toMatchObject({
    formation: { web: 1, worker: 0, clock: 0 },
    running: { web: 1 },
  });
});

test("scale changes only what it names, and containers that stay are left alone", async () => {
  declare("{ web: 2 }");
  await up();
  const before = await processes();
  declare("{ worker: 2 }");
  const preview = await pulumi("preview");
  expect(preview.output).toContain("formation  web=2 (kept), worker=0 → worker=2, clock=0 (kept)");
  expect(preview.output).toContain("worker.1   create on local  scale up");
  await up();
  const after = await processes();
  expect([...after.keys()]).toEqual(["web.1", "web.2", "worker.1", "worker.2"]);
  for (const [name, state] of before) expect(after.get(name)).toBe(state);
  const { log, summary } = await stack.outputs<Outputs>();
  expect(summary).toBe("web=2, worker=2, clock=0");
  expect(log.at(-1)).toMatch(/formation\[api\]: Scale to web=2, worker=2, clock=0 by adam@example\.com$/);
});

test("two previews in a row show no change, and another up changes nothing", async () => {
  proxy.reset();
  for (let run = 0; run < 2; run++) expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
  await up();
  expect(proxy.calls.length).toBeGreaterThan(0);
  expect(proxy.calls.filter(({ method }) => method !== "GET")).toEqual([]);
});

test("a second clock is refused before the engine is asked anything", async () => {
  declare("{ clock: 2 }");
  proxy.reset();
  const preview = await pulumi("preview");
  expect(preview.code).not.toBe(0);
  expect(preview.output).toContain("clock is a singleton: asked for 2, at most 1 may run; scale it to 1");
  expect(proxy.calls).toEqual([]);
  declare("{ worker: 2 }");
});

test("a process removed by hand is seen by a plain preview and brought back, and nothing else", async () => {
  const before = await processes();
  await docker.getContainer(`${app}.web.2`).remove({ force: true });
  const preview = await pulumi("preview");
  expect(preview.output).toContain("web.2      create on local");
  await up();
  const after = await processes();
  expect([...after.keys()]).toEqual([...before.keys()]);
  expect([...before.keys()].filter((name) => after.get(name) !== before.get(name))).toEqual(["web.2"]);
});

test("a refresh counts what runs, and the next up starts what does not, and nothing else", async () => {
  const before = await processes();
  await docker.getContainer(`${app}.worker.1`).remove({ force: true });
  await docker.getContainer(`${app}.web.1`).update({ RestartPolicy: { Name: "no" } });
  await docker.getContainer(`${app}.web.1`).kill();
  expect(await pulumi("refresh", "--yes")).toMatchObject({ code: 0 });
  expect(await recorded()).toMatchObject({
    formation: { web: 2, worker: 2, clock: 0 },
    running: { web: 1, worker: 1, clock: 0 },
  });
  const { output } = await pulumi("up", "--yes");
  expect(output).toContain("web.1      start on local   not running");
  expect(output).toContain("worker.1   create on local  scale up");
  const after = await processes();
  expect([...after].map(([name, state]) => `${name} ${state.split(" ")[0]}`)).toEqual(
    ["web.1", "web.2", "worker.1", "worker.2"].map((name) => `${name} running`),
  );
  expect([...before.keys()].filter((name) => after.get(name) !== before.get(name))).toEqual(["web.1", "worker.1"]);
});

test("a type that left the Procfile is listed, and gone after up", async () => {
  declare("{}", "", PROCFILE.replace(/worker.*\n/, ""));
  const { output } = await pulumi("up", "--yes");
  expect(output).toContain("formation  web=2 (kept), clock=0 (kept), worker=2 → removed");
  expect(output).toContain("worker.1   remove on local  type removed");
  expect([...(await processes()).keys()]).toEqual(["web.1", "web.2"]);
});

test("what fails is recorded as it is, named with the process's last words", async () => {
  declare(
    "{ worker: 1 }",
    `, update: { monitor: 2 }, processes: { ${WEB}, ${WORKER} }`,
    PROCFILE.replace(/worker.*/, 'worker: echo "no $DATABASE_URL $OF_WORKER $(cat $API_KEY_FILE)"; exit 3'),
  );
  const failed = await pulumi("up", "--yes");
  expect(failed.code).not.toBe(0);
  expect(failed.output).toMatch(
    /worker\.1 on local: create failed: exited with code 3[^]*no \[DATABASE_URL\] \[OF_WORKER\] \[API_KEY\]/,
  );
  const { output } = await pulumi("preview", "--diff");
  expect(output).toMatch(/worker\.1 +create on local/);
});

test("a secret stands nowhere in clear", async () => {
  await pulumi("preview", "--json");
  await pulumi("stack", "export");
  await pulumi("stack", "history", "--json");
  const states = filesIn(join(stack.folder, "backend"));
  expect(states.some((file) => file.includes("/history/")) && states.some((file) => file.includes("/backups/"))).toBe(
    true,
  );
  const texts = [...said, ...states.map((file) => readFileSync(file, "latin1"))];
  for (const { Id } of await containersOf(app))
    texts.push(JSON.stringify({ ...(await docker.getContainer(Id).inspect()), Config: undefined }));
  for (const { Labels } of await containersOf(app)) texts.push(JSON.stringify(Labels));
  const full = (await containersOf(app)).map(({ Id }) => docker.getContainer(Id).inspect());
  const environments = JSON.stringify((await Promise.all(full)).map(({ Config }) => Config.Env));
  expect(environments).toContain(OF_WEB);
  expect(environments).not.toContain(IN_FILE);
  texts.push(JSON.stringify(proxy.calls));
  for (const form of [SECRET, Buffer.from(SECRET).toString("base64"), encodeURIComponent(SECRET), "hunter2"])
    expect(texts.filter((text) => text.includes(form))).toEqual([]);
});

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

test("destroy leaves nothing of ours and spares a container of somebody else", async () => {
  const decoy = await docker.createContainer({ Image: image, name: `${app}.decoy.1`, Cmd: ["sleep", "1000"] });
  try {
    await decoy.start();
    const before = await decoy.inspect();
    expect(await pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
    expect(await containersOf(app)).toEqual([]);
    expect((await decoy.inspect()).State).toEqual(before.State);
  } finally {
    await decoy.remove({ force: true });
  }
});
