import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup/paths.mjs";
import { pulumiLauncher } from "../setup/pulumi.mjs";
import { run, say } from "../setup/run.mjs";

/** The example's folder: the Pulumi program, its Procfile and its Dockerfile. */
export const example = join(root, "examples", "procfile-app");
/** The name of the app, which is also the project's. */
export const app = "procfile-app";
/** Backend of the demo alone: nothing of it leaves the repository. */
export const folder = join(root, ".demo");
const stack = "demo";

export const exists = () => existsSync(join(folder, ".pulumi", "stacks", app, `${stack}.json`));

/**
 * Creates the stack, once, with one clock: the program leaves the clock at 0, the stack's own configuration adds it.
 */
export async function create() {
  mkdirSync(folder, { recursive: true });
  if (exists()) return;
  await run(...pulumi("stack", "init", stack, "--no-select"));
  await run(...pulumi("config", "set", "--path", `formation:scale["${app}"].clock`, "1", "--stack", stack));
}

export const up = () => watch("up", "--yes", "--skip-preview=false", "--suppress-permalink=true", "--stack", stack);

/** @returns {Promise<Record<string, any>>} */
export async function outputs() {
  return JSON.parse((await run(...pulumi("stack", "output", "--json", "--stack", stack))).stdout);
}

/** Destroys the processes, then removes the stack and the backend. */
export async function remove() {
  if (exists()) {
    await watch("destroy", "--yes", "--suppress-permalink=true", "--stack", stack);
    await run(...pulumi("stack", "rm", stack, "--yes"));
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(example, `Pulumi.${stack}.yaml`), { force: true });
}

/** Runs the `formation` command on the demo's stack. @param {string[]} args @returns {Promise<number>} its exit code */
export function formation(...args) {
  const options = { cwd: example, env: environment(), stdio: /** @type {const} */ ("inherit") };
  const child = spawn(process.execPath, [join(root, "dist", "cli", "main.js"), "--stack", stack, ...args], options);
  // Ctrl-C reaches the command too, which ends in good order; this process waits for it.
  process.on("SIGINT", () => {});
  return new Promise((resolve, reject) => child.on("error", reject).on("exit", (code) => resolve(code ?? 1)));
}

/** @param {string[]} args @returns {[string, string[], { cwd: string, env: NodeJS.ProcessEnv }]} */
function pulumi(...args) {
  return [process.execPath, [pulumiLauncher, ...args], { cwd: example, env: environment() }];
}

function environment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: pathToFileURL(folder).href,
    PULUMI_CONFIG_PASSPHRASE: "demo",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
  };
  delete env.PULUMI_CONFIG_PASSPHRASE_FILE;
  return env;
}

/** Runs an operation with its output on the terminal. @param {string[]} args */
async function watch(...args) {
  await forgetDeadLocks();
  const [command, commandArgs, options] = pulumi(...args);
  say(`pulumi ${args.join(" ")} …`);
  // Ctrl-C reaches Pulumi too, which ends in good order; the demo waits for it.
  const wait = () => {};
  process.on("SIGINT", wait);
  const code = await new Promise((resolve, reject) =>
    spawn(command, commandArgs, { ...options, stdio: "inherit" })
      .on("error", reject)
      .on("exit", resolve),
  );
  process.off("SIGINT", wait);
  if (code !== 0) throw new Error(`pulumi ${args[0]} failed; what it says stands above`);
}

/** Lifts the lock of a run that was killed, which nobody else would ever lift. */
async function forgetDeadLocks() {
  const locks = join(folder, ".pulumi", "locks");
  if (!existsSync(locks)) return;
  const files = readdirSync(locks, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".json"));
  const dead = files.filter((name) => {
    const lock = JSON.parse(readFileSync(join(locks, name), "utf8"));
    return lock.hostname === hostname() && !runs(lock.pid);
  });
  if (dead.length === 0 || dead.length < files.length) return;
  say("an earlier run was killed and left its lock; lifting it");
  await run(...pulumi("cancel", stack, "--yes"));
}

/** @param {number} pid */
function runs(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
