import { spawn } from "node:child_process";

const heartbeatSeconds = 15;
const headLines = 8;
const tailLines = 20;

/** Prints a line on stderr, because stdout belongs to results. */
export const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

/**
 * Reports that a long piece of work is still going on, so that nobody takes it for hung.
 *
 * @template T
 * @param {string} title the work, e.g. "installing dependencies"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withHeartbeat(title, work) {
  const start = Date.now();
  say(`${title} …`);
  const timer = setInterval(
    () => say(`  still ${title} (${Math.round((Date.now() - start) / 1000)} s)`),
    heartbeatSeconds * 1000,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/**
 * Runs a program to its end and returns its output. A failure is an Error whose message ends with that output, less the
 * middle.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutSeconds?: number }} [options]
 * @returns {Promise<{ stdout: string, output: string }>}
 */
export function run(command, args, { cwd, env, timeoutSeconds } = {}) {
  return new Promise((resolve, reject) => {
    // A limit needs a process group of its own, because a launcher's children must end with it.
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: timeoutSeconds !== undefined,
    });
    let stdout = "";
    let output = "";
    let timedOut = false;
    const stop = () => {
      try {
        if (child.pid !== undefined) process.kill(timeoutSeconds === undefined ? child.pid : -child.pid);
      } catch {
        // The process has ended by itself.
      }
    };
    const timer =
      timeoutSeconds === undefined ? undefined : setTimeout(() => ((timedOut = true), stop()), timeoutSeconds * 1000);
    const interrupted = (/** @type {NodeJS.Signals} */ signal) => {
      stop();
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
    const settle = (/** @type {() => void} */ done) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      done();
    };

    child.stdout.on("data", (data) => ((stdout += data), (output += data)));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", (error) => settle(() => reject(new Error(`cannot run ${command}: ${error.message}`))));
    child.on("close", (code, signal) =>
      settle(() => {
        if (code === 0) return resolve({ stdout, output });
        const why = timedOut ? `took more than ${timeoutSeconds} s` : `ended with ${signal ?? `exit code ${code}`}`;
        reject(new Error(`${command} ${args[0] ?? ""} ${why}\n${ends(output)}`));
      }),
    );
  });
}

/** Keeps the first and the last lines, because some programs name their fault first, some last. @param {string} text */
export function ends(text) {
  const lines = text.trim().split("\n");
  if (lines.length <= headLines + tailLines) return lines.join("\n");
  return [...lines.slice(0, headLines), "…", ...lines.slice(-tailLines)].join("\n");
}
