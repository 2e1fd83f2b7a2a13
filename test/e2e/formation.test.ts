import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
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
const SECRET = "hunter2-canary";

function declare(scale: string, more = ""): void {
  stack.program(
    app,
    `{ image: ${JSON.stringify(image)}, update: { monitor: 0 },
       procfile: "web: node -e 'setInterval(() => {}, 1000)'\\nworker: sleep 1000\\nclock: sleep 1000\\n",
       processes: { web: { port: 8080 } }, scale: ${scale},
       env: { DATABASE_URL: pulumi.secret(${JSON.stringify(SECRET)}) } ${more} }`,
  );
}

async function processes(): Promise<Map<string, string>> {
  const containers = await containersOf(app);
  return new Map(containers.map((one) => [`${one.Labels["formation.type"]}.${one.Labels["formation.index"]}`, one.Id]));
}

beforeAll(async () => {
  declare("{}");
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await removeContainersOf(app);
  stack.delete();
});

const said: string[] = [];
async function pulumi(...args: string[]) {
  const outcome = await stack.pulumi(...args);
  said.push(outcome.output);
  return outcome;
}

test("a new app runs one web process, and the preview says so first", async () => {
  const preview = await pulumi("preview");
  expect(preview.output).toContain("formation  web=1 (default), worker=0 (default), clock=0 (default)");
  const up = await pulumi("up", "--yes");
  expect(up).toMatchObject({ code: 0 });
  expect(await stack.outputs<Outputs>()).toMatchObject({
    formation: { web: 1, worker: 0, clock: 0 },
    running: { web: 1 },
  });
});

test("scale changes only what it names, and containers that stay are left alone", async () => {
  declare("{ web: 2 }");
  expect(await pulumi("up", "--yes")).toMatchObject({ code: 0 });
  const before = await processes();
  declare("{ worker: 2 }");
  const preview = await pulumi("preview");
  expect(preview.output).toContain("formation  web=2 (kept), worker=0 → worker=2, clock=0 (kept)");
  expect(preview.output).toContain("worker.1   create on local  scale up");
  expect(await pulumi("up", "--yes")).toMatchObject({ code: 0 });
  const after = await processes();
  expect([...after.keys()].sort()).toEqual(["web.1", "web.2", "worker.1", "worker.2"]);
  for (const [name, id] of before) expect(after.get(name)).toBe(id);
  const { log, summary } = await stack.outputs<Outputs>();
  expect(summary).toBe("web=2, worker=2, clock=0");
  expect(log.at(-1)).toMatch(/formation\[api\]: Scale to web=2, worker=2, clock=0 by adam@example\.com$/);
});

test("two previews in a row show no change", async () => {
  for (let run = 0; run < 2; run++) expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
});

test("a second clock is refused before anything is touched", async () => {
  declare("{ clock: 2 }");
  const preview = await pulumi("preview");
  expect(preview.code).not.toBe(0);
  expect(preview.output).toContain("clock is a singleton: asked for 2, at most 1 may run");
  declare("{ worker: 2 }");
});

test("a process removed by hand is seen by a plain preview and brought back, and nothing else", async () => {
  const before = await processes();
  await docker.getContainer(before.get("web.2") ?? "").remove({ force: true });
  const preview = await pulumi("preview");
  expect(preview.output).toContain("web.2      create on local");
  expect(await pulumi("up", "--yes")).toMatchObject({ code: 0 });
  const after = await processes();
  expect(after.size).toBe(4);
  for (const name of ["web.1", "worker.1", "worker.2"]) expect(after.get(name)).toBe(before.get(name));
});

test("a secret stands nowhere in clear", async () => {
  const state = await stack.pulumi("stack", "export");
  expect(state.output).not.toContain(SECRET);
  expect(said.join("\n")).not.toContain(SECRET);
  for (const container of await containersOf(app)) expect(JSON.stringify(container.Labels)).not.toContain(SECRET);
});

test("destroy leaves nothing of ours and spares a container of somebody else", async () => {
  const decoy = await docker.createContainer({ Image: image, name: `${app}.decoy.1`, Cmd: ["sleep", "1000"] });
  try {
    expect(await pulumi("destroy", "--yes")).toMatchObject({ code: 0 });
    expect(await containersOf(app)).toEqual([]);
    expect((await decoy.inspect()).Name).toBe(`/${app}.decoy.1`);
  } finally {
    await decoy.remove({ force: true });
  }
});
