import { spawn } from "node:child_process";

const heartbeatSeconds = 15;
const headLines = 8;
const tailLines = 20;

/** One plain line on stderr: stdout belongs to results. */
export const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

/**
 * Says what goes on while a long piece of work runs, so that nobody takes it for hung.
 *
 * @template T
 * @param {string} title what is being done, e.g. "installing dependencies"
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
 * Runs a program to its end and returns what it wrote. A failure is an Error whose message ends with what the
 * program wrote, less the middle.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutSeconds?: number }} [options]
 * @returns {Promise<{ stdout: string, output: string }>}
 */
export function run(command, args, { cwd, env, timeoutSeconds } = {}) {
  return new Promise((resolve, reject) => {
    // A process group of its own where there is a limit: a launcher's children must end with it.
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
        // It has ended by itself.
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

/** The first and the last lines: some programs say what is wrong first, some last. @param {string} text */
export function ends(text) {
  const lines = text.trim().split("\n");
  if (lines.length <= headLines + tailLines) return lines.join("\n");
  return [...lines.slice(0, headLines), "…", ...lines.slice(-tailLines)].join("\n");
}
