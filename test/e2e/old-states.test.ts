import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import { version } from "../../package.json";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { freePort } from "../support/ports";
import { Stack } from "../support/stack";

// States and containers left by earlier versions of this package need no change by the present one. `RECORD=1 npx jest
// test/e2e/old-states.test.ts` records the present version, before it is released.

const folder = join(__dirname, "states");
const isRecording = process.env["RECORD"] !== undefined;
const versions = isRecording ? [version] : readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

/** Recorded formation. Values that differ between machines are replaced by `@name@`. */
interface Recording {
  /** Arguments of the Formation, as JavaScript. */
  readonly program: string;
  readonly containers: readonly ContainerCreateOptions[];
  /** State as printed by `pulumi stack export --show-secrets`. */
  readonly state: unknown;
}

const PROGRAM = `{
  image: "@image@", update: { monitor: 0 },
  procfile: "web: exec node -e 'setInterval(() => {}, 1000)'\\nworker: sleep 1000\\nclock: sleep 1000\\n",
  processes: {
    web: { port: 8080, size: { cpus: 0.25, memory: "64Mi" }, connections: { db: 10 } },
    worker: { connections: { db: 5 }, stopTimeout: "2s" },
    clock: { singleton: true, command: ["sleep", "1000"] },
  },
  restartedAt: { worker: "2026-11-23T15:04:05Z" },
  backingServices: { db: { maxConnections: 100, reserve: 10 } },
  env: { DATABASE_URL: pulumi.secret("hunter2"), FLAVOUR: "plain" },
  scale: { web: 2, worker: 1, clock: 1 },
}`;

const app = uniqueName("old");
const image = baseImage();
const stack = new Stack("states");
const pulumi = (...args: string[]) => stack.pulumi(...args);

beforeAll(async () => {
  stack.program(app, "{}");
  expect(await pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await removeContainersOf(app);
  stack.delete();
});

async function surroundings(): Promise<Record<string, string>> {
  const { ID: engine } = (await docker.info()) as { ID: string };
  const address = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  return { app, image, engine, address };
}

test.each(versions)("what %s has left previews without a change", async (of) => {
  const file = join(folder, `${of}.json`);
  if (isRecording) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, await record());
    await removeContainersOf(app);
  }
  await replay(readFileSync(file, "utf8"));
  const preview = await pulumi("preview", "--expect-no-changes");
  expect(preview).toMatchObject({ code: 0, output: expect.not.stringContaining("warning") as string });
  const before = (await containersOf(app)).map(({ Id }) => Id);
  expect(before).toHaveLength(4);
  expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect((await containersOf(app)).map(({ Id }) => Id)).toEqual(before);
  expect(await pulumi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await containersOf(app)).toEqual([]);
});

async function record(): Promise<string> {
  stack.program(app, PROGRAM.replace("@image@", image));
  expect(await pulumi("up", "--yes")).toMatchObject({ code: 0 });
  const { output } = await pulumi("stack", "export", "--show-secrets");
  const looks = await Promise.all((await containersOf(app)).map(({ Id }) => docker.getContainer(Id).inspect()));
  const recording: Recording = { program: PROGRAM, containers: looks.map(optionsOf), state: JSON.parse(output) };
  const names = { ...(await surroundings()), ...(await idsAndPorts()) };
  return Object.entries(names).reduce(
    (text, [name, value]) => text.replaceAll(value, `@${name}@`),
    `${JSON.stringify(recording, undefined, 2)}\n`,
  );
}

async function replay(text: string): Promise<void> {
  let filled = fill(text, await surroundings());
  const ports = new Set(filled.match(/@[a-z.0-9]+ port@/g));
  for (const port of ports) filled = filled.replaceAll(port, String(await freePort()));
  const { containers, program } = JSON.parse(filled) as Recording;
  for (const options of containers) await (await docker.createContainer(options)).start();
  stack.program(app, program);
  const file = join(stack.folder, "state.json");
  const { state } = JSON.parse(fill(filled, await idsAndPorts())) as Recording;
  writeFileSync(file, JSON.stringify(state));
  expect(await pulumi("stack", "import", "--file", file)).toMatchObject({ code: 0 });
}

function fill(text: string, names: Record<string, string>): string {
  return Object.entries(names).reduce((filled, [name, value]) => filled.replaceAll(`@${name}@`, value), text);
}

/** Id and port of each container. */
async function idsAndPorts(): Promise<Record<string, string>> {
  const all = (await containersOf(app)).map(({ Id, Labels, Ports }): [string, string][] => {
    const name = `${Labels["formation.type"]}.${Labels["formation.index"]}`;
    const port = Ports.find(({ PublicPort }) => PublicPort !== undefined)?.PublicPort;
    return [[name, Id], ...(port === undefined ? [] : [[`${name} port`, String(port)] as [string, string]])];
  });
  return Object.fromEntries(all.flat());
}

/** Options that a container was created with. */
function optionsOf({ Name, Config, HostConfig }: ContainerInspectInfo): ContainerCreateOptions {
  const given = ["Image", "Hostname", "Cmd", "Env", "Labels", "ExposedPorts", "StopSignal", "StopTimeout"];
  const kept = ["Init", "PidsLimit", "SecurityOpt", "RestartPolicy", "LogConfig", "NanoCpus", "Memory", "PortBindings"];
  return { name: Name.slice(1), ...pick(Config, given), HostConfig: pick(HostConfig, kept) };
}

function pick(from: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
