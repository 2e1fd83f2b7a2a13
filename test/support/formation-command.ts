import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Stack } from "./stack";

export const main = join(__dirname, "../../dist/cli/main.js");

/** Exit code and output of a `formation` command. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Running `formation` command in a stack's project. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Resolves once the command has written the text to stderr. */
  readonly says: (text: string) => Promise<void>;
}

/** Starts a `formation` command. @param input `pipe` for a stdin that the test writes to */
export function startFormation(
  stack: Stack,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input: "ignore" | "pipe" = "ignore",
): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: stack.folder,
    env: { ...stack.env, PATH: `${join(__dirname, "../../node_modules/.bin")}:${process.env["PATH"]}`, ...env },
    stdio: [input, "pipe", "pipe"],
    // Started as by a shell: Ctrl-C reaches all processes of its group.
    detached: true,
  });
  let [stdout, stderr] = ["", ""];
  const listeners = new Set<() => void>();
  child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr?.on("data", (chunk) => {
    stderr += String(chunk);
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const says = async (text: string) => {
    const heard = new Promise<void>((resolve) => {
      const listen = () => {
        if (!stderr.includes(text)) return;
        listeners.delete(listen);
        resolve();
      };
      listeners.add(listen);
      listen();
    });
    const early = ended.then(({ code }) => {
      if (!stderr.includes(text)) throw new Error(`ended with ${code} before it said ${text}: ${stdout}${stderr}`);
    });
    await Promise.race([heard, early]);
  };
  return { child, ended, says };
}

/** Does what Ctrl-C does on a terminal. */
export function pressCtrlC({ child }: Running): void {
  process.kill(-(child.pid ?? 0), "SIGINT");
}

export function formation(stack: Stack, ...args: string[]): Promise<Ending> {
  return startFormation(stack, args).ended;
}
