import { buildImage, runInNode, withProgram } from "../support/built-image";
import { containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { failureOf } from "../support/failure";
import { Provider, type Properties } from "../support/provider";

// Images as they are, on a real engine: each is deployed, scaled, released and destroyed.

const app = uniqueName("images");
const references: string[] = [];
let provider: Provider;

beforeEach(() => {
  provider = new Provider(app);
});

afterEach(async () => {
  await provider.kill();
  await removeContainersOf(app);
  for (const reference of references.splice(0)) await docker.getImage(reference).remove({ force: true });
});

async function imageOf(...lines: string[]): Promise<string> {
  const reference = `${uniqueName(app)}:1`;
  references.push(reference);
  await buildImage(reference, lines);
  return reference;
}

const declare = (image: string, more: Properties): Properties => ({
  image,
  pull: "never",
  update: { monitor: 1 },
  scale: { web: 1 },
  ...more,
});

async function inspected() {
  const all = await Promise.all((await containersOf(app)).map(({ Id }) => docker.getContainer(Id).inspect()));
  return all.sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** The process's output, without the headers of its frames. */
async function outputOf(slot: string): Promise<string> {
  const output = await docker.getContainer(`${app}.${slot}`).logs({ stdout: true, stderr: true });
  return output.toString("utf8").replaceAll(/[^\n -~]/g, "");
}

const SERVE = ["node", "-e", "setInterval(() => {}, 1000)"];

/** Deploys, scales, releases and destroys. @returns the containers of the first deployment */
async function life(inputs: Properties) {
  await provider.up(inputs);
  const first = await inspected();
  expect(await provider.preview(inputs)).toBe(false);
  const scaled = { ...inputs, scale: { ...(inputs["scale"] as object), web: 2 } };
  await provider.up(scaled);
  expect((await inspected()).map(({ Id }) => Id)).toEqual(expect.arrayContaining(first.map(({ Id }) => Id)));
  await provider.up({ ...scaled, env: { RELEASE: "2" } });
  const released = await inspected();
  expect(released.map(({ State }) => State.Status)).toEqual(released.map(() => "running"));
  expect(released.filter(({ Id }) => first.some((one) => one.Id === Id))).toEqual([]);
  await provider.destroy();
  expect(await containersOf(app)).toEqual([]);
  return first;
}

test("an init that insists on being the first process, as that of s6-overlay", async () => {
  const init = withProgram(
    "/init",
    "#!/bin/sh",
    '[ $$ = 1 ] || { echo "s6-overlay-suexec: fatal: can only run as pid 1"; exit 100; }',
    '"$@" &',
    "trap 'kill $!; wait; exit 0' TERM",
    "wait",
  );
  const image = await imageOf(init, 'ENTRYPOINT ["/init"]');
  const [web] = await life(declare(image, { processes: { web: { command: SERVE } } }));
  expect(web?.HostConfig.Init).toBe(false);
});

test("no shell: words run, and a line is explained", async () => {
  const image = await imageOf(runInNode('require("fs").rmSync("/bin/sh")'));
  const [web] = await life(declare(image, { processes: { web: { command: SERVE } } }));
  expect(web?.State.Status).toBe("running");
  expect((await failureOf(provider.up(declare(image, { processes: { web: { command: "serve" } } })))).text).toContain(
    "the image has no /bin/sh: give processes.web.command as a list of words",
  );
});

test("a command, a user, a signal and a volume of the image's own", async () => {
  const image = await imageOf(
    `CMD ["/bin/sh", "-c", "trap 'exit 0' QUIT; while :; do sleep 0.2; done"]`,
    "USER 1000",
    "STOPSIGNAL SIGQUIT",
    "VOLUME /data",
  );
  const began = performance.now();
  const [web] = await life(declare(image, { processes: { web: { stopTimeout: 60 } } }));
  // Each of five stops would take the whole time if the signal were another one.
  expect(performance.now() - began).toBeLessThan(60_000);
  expect(web?.Config).toMatchObject({
    Cmd: ["/bin/sh", "-c", expect.stringContaining("QUIT") as string],
    User: "1000",
  });
  expect(web?.Mounts).toMatchObject([{ Type: "volume", Destination: "/data" }]);
});

test("a health check that is meant for web alone", async () => {
  const check = "HEALTHCHECK --interval=200ms --retries=1 CMD echo nobody answers; exit 3";
  const image = await imageOf(check);
  const worker = { command: SERVE, health: { image: false } };
  const [, web] = await life(
    declare(image, { processes: { web: worker, worker: { command: SERVE } }, scale: { web: 1, worker: 1 } }),
  );
  expect(web?.State.Health).toBeUndefined();
  const asked = declare(image, { processes: { web: { command: SERVE, port: 80 } } });
  expect((await failureOf(provider.up(asked))).text).toMatch(
    /is unhealthy after \d+ s, its health check having exited with code 3 \(nobody answers\)/,
  );
});

test("an image of buildpacks runs the type that is asked for, with its environment", async () => {
  const launcher = withProgram(
    "/cnb/lifecycle/launcher",
    "#!/bin/sh",
    "export FROM_BUILDPACK=yes",
    "type=${0##*/}",
    '[ "$type" = launcher ] || exec node -e "console.log(\\"the image\'s $type\\"); setInterval(() => {}, 1000)"',
    '[ "$1" = -- ] || exec /bin/sh -c "$1"',
    'shift; exec "$@"',
  );
  const links = runInNode(
    'const fs = require("fs"); fs.mkdirSync("/cnb/process"); for (const type of ["web", "worker"]) fs.symlinkSync("../lifecycle/launcher", `/cnb/process/${type}`)',
  );
  const metadata = JSON.stringify({ processes: [{ type: "web" }, { type: "worker" }] });
  const image = await imageOf(
    launcher,
    links,
    'ENTRYPOINT ["/cnb/process/web"]',
    `LABEL io.buildpacks.build.metadata=${JSON.stringify(metadata)}`,
  );
  const words = ["node", "-e", "console.log('words', process.env.FROM_BUILDPACK); setInterval(() => {}, 1000)"];
  const inputs = declare(image, {
    processes: {
      web: {},
      worker: {},
      line: { command: 'echo "line $FROM_BUILDPACK"; sleep 1000' },
      words: { command: words },
    },
    scale: { web: 1, worker: 1, line: 1, words: 1 },
  });
  await provider.up(inputs);
  const said = await Promise.all(["web.1", "worker.1", "line.1", "words.1"].map(outputOf));
  expect(said.map((text) => text.trim())).toEqual(["the image's web", "the image's worker", "line yes", "words yes"]);
  await life(inputs);
  expect(
    (await failureOf(provider.up(declare(image, { processes: { clock: {} }, scale: { clock: 1 } })))).text,
  ).toContain("processes.clock has no command, and image");
});
