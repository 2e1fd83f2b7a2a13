import { createInterface } from "node:readline";
import { PassThrough, Readable } from "node:stream";
import type Docker from "dockerode";
import type { DesiredInstance } from "../core/desired";
import { FormationError } from "../core/errors";
import { formatDuration, type Seconds } from "../core/units";
import type { AgreedEngine } from "./api-version";
import { createContainer, createOptions } from "./container";
import { engineError } from "./engine-errors";

/** How many of its lines stand in the error of a process that failed. */
const LAST_LINES = 20;

/** Runs a container to its end, passing on each line as it comes, and removes it whatever happens. */
export async function runOnce(
  engine: AgreedEngine,
  docker: Docker,
  want: DesiredInstance,
  timeout: Seconds,
  say: (line: string) => void,
): Promise<void> {
  const last: string[] = [];
  try {
    const { id } = await createContainer(engine, createOptions(want, undefined));
    const container = docker.getContainer(id);
    try {
      const hear = (line: string) => {
        last.push(line);
        if (last.length > LAST_LINES) last.shift();
        say(line);
      };
      const code = await ((await engine.isPodman()) ? runOnPodman : runHeard)(docker, container, timeout, hear);
      if (code === 0) return;
      const what = code === undefined ? `did not end within ${formatDuration(timeout)}` : `exited with code ${code}`;
      const lines = last.length === 0 ? ", without output" : `; its last lines:\n${last.join("\n")}`;
      throw new FormationError("ProcessExited", what + lines);
    } finally {
      await container.remove({ force: true, v: true }).catch(() => undefined);
    }
  } catch (error) {
    throw engineError(error, engine.host);
  }
}

type Hear = (line: string) => void;

/** @returns the exit code, once all has been heard; `undefined` when the time is over */
async function runHeard(docker: Docker, container: Docker.Container, timeout: Seconds, hear: Hear) {
  const output = await follow(docker, container, hear);
  await container.start();
  const code = await exitCode(container, timeout);
  await output.ended;
  return code;
}

/** Podman's attachment now and then loses the last lines of a short process, and following its log may not end. */
async function runOnPodman(docker: Docker, container: Docker.Container, timeout: Seconds, hear: Hear) {
  let heard = 0;
  let isOver = false;
  const abort = new AbortController();
  await container.start();
  // Its answer begins with the first line, if ever there is one.
  const { signal: abortSignal } = abort;
  const live = container.logs({ follow: true, stdout: true, stderr: true, abortSignal }).then((log) => {
    log.on("error", () => undefined);
    linesOf(docker, log, (line) => {
      if (isOver) return;
      heard++;
      hear(line);
    });
  });
  live.catch(() => undefined);
  const code = await exitCode(container, timeout);
  isOver = true;
  abort.abort();
  const whole = await container.logs({ stdout: true, stderr: true });
  const said: string[] = [];
  const { ended } = linesOf(docker, Readable.from([whole]), (line) => said.push(line));
  await ended;
  for (const line of said.slice(heard)) hear(line);
  return code;
}

/** Attached before the start, so that no line is missed. @returns the end of the output, to be awaited later */
async function follow(docker: Docker, container: Docker.Container, line: Hear) {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  return linesOf(docker, stream, line);
}

function linesOf(docker: Docker, stream: NodeJS.ReadableStream, line: Hear) {
  const text = new PassThrough();
  docker.modem.demuxStream(stream, text, text);
  stream.on("end", () => text.end()).on("error", () => text.end());
  const lines = createInterface({ input: text }).on("line", line);
  return { ended: new Promise<void>((resolve) => lines.once("close", resolve)) };
}

/** The exit code, or `undefined` when the time is over and the process had to be stopped. */
async function exitCode(container: Docker.Container, timeout: Seconds): Promise<number | undefined> {
  const abort = new AbortController();
  const deadline = setTimeout(() => abort.abort(), timeout * 1000);
  try {
    const { StatusCode: code } = (await container.wait({ abortSignal: abort.signal })) as { StatusCode: number };
    return code;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    await container.stop({ t: 10 }).catch(() => undefined);
    return undefined;
  } finally {
    clearTimeout(deadline);
  }
}
