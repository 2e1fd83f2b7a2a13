import { execFile } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { baseImage, containersOf, removeContainersOf, uniqueName } from "../support/engine";
import { Stack } from "../support/stack";

// A user without git, with no home or one that is read-only, as in many containers. The user has an entry on the machine,
// because Pulumi's own backend of files refuses to work for one without.

/** The user nobody. */
const UID = 65_534;
const SOCKET = "/var/run/docker.sock";
const app = uniqueName("bare");
const stack = new Stack("bare");
const { version } = JSON.parse(readFileSync(join(__dirname, "../../node_modules/pulumi/package.json"), "utf8")) as {
  readonly version: string;
};
const pulumi = join(homedir(), ".pulumi/versions", version, "bin");
const bin = join(stack.folder, "bin");

/** Gives a folder to the user. Links lead out of it, and stay as they are. */
function give(path: string): void {
  if (lstatSync(path).isSymbolicLink()) return;
  chownSync(path, UID, UID);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name));
}

/** Runs Pulumi as that user, who may read everything on the machine, but writes only where everybody can. */
function run(home: string | undefined, ...args: string[]): Promise<string> {
  const { HOME: _, USER: __, LOGNAME: ___, FORMATION_ACTOR: ____, ...rest } = stack.env;
  const env = {
    ...rest,
    ...(home === undefined ? {} : { HOME: home }),
    PATH: bin,
    PULUMI_HOME: join(stack.folder, "home"),
  };
  const as = ["--reuid", `${UID}`, "--regid", `${UID}`, "--groups", `${statSync(SOCKET).gid}`];
  const reading = ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"];
  return new Promise((resolve, reject) => {
    execFile(
      "/usr/bin/setpriv",
      [...as, ...reading, join(bin, "pulumi"), ...args, "--non-interactive", "--color=never"],
      { cwd: stack.folder, env },
      (error, out, err) => (error === null ? resolve(out) : reject(new Error(`${args[0]}: ${out}${err}`))),
    );
  });
}

beforeAll(() => {
  stack.program("shop", JSON.stringify({ app, image: baseImage(), processes: { web: { command: "sleep 1000" } } }));
  for (const folder of ["home", "bin", "readonly"]) mkdirSync(join(stack.folder, folder));
  for (const name of readdirSync(pulumi)) symlinkSync(join(pulumi, name), join(bin, name));
  symlinkSync(process.execPath, join(bin, "node"));
  for (const name of ["sh", "which", "dirname"]) symlinkSync(join("/usr/bin", name), join(bin, name));
  give(stack.folder);
  chmodSync(join(stack.folder, "readonly"), 0o555);
});

afterAll(async () => {
  await removeContainersOf(app);
  stack.delete();
});

test.each<[string, () => string | undefined]>([
  ["no home", () => undefined],
  ["a home that is read-only", () => join(stack.folder, "readonly")],
])("deploys and destroys with %s", async (what, home) => {
  const name = what.replaceAll(" ", "-");
  await run(home(), "stack", "init", name);
  await run(home(), "up", "--yes", "--skip-preview");
  expect((await containersOf(app)).map(({ State }) => State)).toEqual(["running"]);
  expect(await run(home(), "stack", "output", "log", "--json")).toContain(`by nobody@${hostname()}`);
  await run(home(), "destroy", "--yes", "--skip-preview");
  expect(await containersOf(app)).toEqual([]);
});
