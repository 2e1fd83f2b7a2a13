import { setTimeout as delay } from "node:timers/promises";
import type { DesiredInstance } from "../../../core/model/desired";
import { RELEASE } from "../../../core/values/names";
import { FormationError, hasCode } from "../../../core/values/errors";
import { formatDuration, type Seconds } from "../../../core/values/units";
import { createOrAdopt } from "./adopt";
import type { AgreedEngine } from "../../../engine/api-version";
import { inspect } from "./container";
import { engineError, isAnswerLost } from "../../../engine/errors";
import { query } from "../../../engine/client";
import { exitCodeIn, type Exit } from "../../../engine/exit";
import { logLines } from "../../../engine/log-lines";
import { connect } from "./networks";
import { startHint } from "../../../engine/start-hint";
import { stopContainer } from "./stop";

/** Number of output lines in the error of a failed process. */
const LAST_LINES = 20;
const STOP_TIMEOUT: Seconds = 10;
/** The last lines may arrive this long after the process has ended. */
const LAST_WORDS_MS = 1_000;

type Hear = (line: string) => void;

/** Runs a container to its end, passes on each output line, and removes the container in any case. */
export async function runOnce(engine: AgreedEngine, want: DesiredInstance, timeout: Seconds, say: Hear): Promise<void> {
  const last: string[] = [];
  try {
    const id = await create(engine, want);
    try {
      await connect(engine, id, want);
      const code = await runHeard(engine, id, timeout, (line) => {
        last.push(line);
        if (last.length > LAST_LINES) last.shift();
        say(line);
      });
      if (code === 0) return;
      const what = code === undefined ? `did not end within ${formatDuration(timeout)}` : `exited with code ${code}`;
      const lines = last.length === 0 ? ", without output" : `; its last lines:\n${last.join("\n")}`;
      const hint = startHint(lines, want.type === RELEASE ? "releasePhase.command" : "the command");
      throw new FormationError("ProcessExited", what + lines, hint === undefined ? {} : { hint });
    } finally {
      await engine.act("DELETE", `/containers/${id}${query({ force: true, v: true })}`).catch(() => undefined);
    }
  } catch (error) {
    throw engineError(error, engine.host);
  }
}

/** @throws NameTaken, also when an equal container has run already or still runs */
async function create(engine: AgreedEngine, want: DesiredInstance): Promise<string> {
  const { id, isAdopted } = await createOrAdopt(engine, want, undefined);
  if (isAdopted && (await inspect(engine, id)).State.Status !== "created")
    throw new FormationError("NameTaken", `${engine.host.name}: ${want.name} is there already`, {
      hint: "remove it, then run up again",
    });
  return id;
}

/** @returns the exit code, after all output was passed on; `undefined` when the time is over */
async function runHeard(engine: AgreedEngine, id: string, timeout: Seconds, hear: Hear): Promise<number | undefined> {
  const abort = new AbortController();
  let [heard, isOver] = [0, false];
  try {
    await startOnce(engine, id);
    const follow = async () => {
      for await (const { text } of logLines(engine.stream(logs(id, true), abort.signal))) {
        if (isOver) return;
        heard++;
        hear(text);
      }
    };
    const live = follow().catch(() => undefined);
    const code = await exitCode(engine, id, timeout);
    // Podman's stream may never end, and a broken connection has delivered only a part.
    await Promise.race([live, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    isOver = true;
    const catchUp = async () => {
      let told = 0;
      for await (const { text } of logLines(engine.stream(logs(id, false), abort.signal)))
        if (++told > heard) hear(text);
    };
    // The exit code counts even when the engine cannot read the log.
    await catchUp().catch((error: unknown) => {
      if (!hasCode(error, "EngineRefused")) throw error;
    });
    return code;
  } finally {
    abort.abort();
  }
}

function logs(id: string, follow: boolean): string {
  return `/containers/${id}/logs${query({ stdout: true, stderr: true, timestamps: true, follow })}`;
}

/** Never starts the process twice: when the answer was lost, it may have run already. */
async function startOnce(engine: AgreedEngine, id: string): Promise<void> {
  const start = () => engine.act("POST", `/containers/${id}/start`, { isUnique: true });
  try {
    await start();
  } catch (error) {
    if (!isAnswerLost(error)) throw error;
    if ((await inspect(engine, id)).State.Status === "created") await start();
  }
}

/** The exit code, or `undefined` when the time is over and the process had to be stopped. */
async function exitCode(engine: AgreedEngine, id: string, timeout: Seconds): Promise<number | undefined> {
  const abort = new AbortController();
  const deadline = setTimeout(() => abort.abort(), timeout * 1000);
  try {
    return exitCodeIn(await engine.act<Exit>("POST", `/containers/${id}/wait`, { signal: abort.signal }));
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    await stopContainer(engine, (task) => task(), id, STOP_TIMEOUT).catch(() => undefined);
    return undefined;
  } finally {
    clearTimeout(deadline);
  }
}
