import { setTimeout as delay } from "node:timers/promises";
import { formatDuration, type Seconds } from "../../../core/values/units";
import { unreachable, type Named } from "../../../engine/errors";
import { EngineHttp } from "../../../engine/client";
import { SwarmApi } from "./swarm-api";
import { swarmError, troubleOf, type Trouble } from "./errors";
import type { Transport } from "../../../engine/connect/transport";

/** One manager and the transport to it. */
export interface Manager {
  readonly address: string;
  readonly transport: Transport;
}

/** Enough for several calls in a row to a manager that answers slowly. */
const WORK_TIMEOUT_MS = 40_000;
const RETRY_MS = 500;

export interface Patience {
  /** A Swarm that has no leader, or is unreachable, for longer than this is an error. */
  readonly patience: Seconds;
  /** Receives the reason for the wait, once for each time the Swarm is unreachable. */
  readonly waiting?: (why: string) => void;
}

/** The managers of one Swarm: a call goes to one after the other, again and again until patience ends. */
export class Managers {
  readonly #managers: readonly SwarmApi[];
  #current = 0;
  /** Kept between calls: once patience has ended, the next call does not wait all over again. */
  #silentSince: number | undefined;

  constructor(
    managers: readonly Manager[],
    private readonly options: Patience,
  ) {
    this.#managers = managers.map(
      ({ address, transport }) => new SwarmApi(new EngineHttp("a manager of the Swarm", address, transport)),
    );
  }

  /** The address of the manager that answered last. */
  get address(): string {
    return this.#managers[this.#current]?.engine.host.address ?? "";
  }

  close(): void {
    for (const { engine } of this.#managers) engine.close();
  }

  async call<T>(work: (api: SwarmApi) => Promise<T>): Promise<T> {
    for (;;) {
      const began = performance.now();
      const troubles: { readonly trouble: Trouble; readonly address: string }[] = [];
      for (let tried = 0; tried < this.#managers.length; tried++) {
        const manager = this.#managers[this.#current];
        if (manager === undefined) break;
        const { host } = manager.engine;
        try {
          await manager.engine.ready();
          const answer = await within(WORK_TIMEOUT_MS, work(manager), host);
          this.#silentSince = undefined;
          return answer;
        } catch (error) {
          const trouble = troubleOf(error, host);
          if (trouble === undefined) {
            this.#silentSince = undefined;
            throw error;
          }
          troubles.push({ trouble, address: host.address });
          this.#current = (this.#current + 1) % this.#managers.length;
        }
      }
      const worst = troubles.find(({ trouble }) => trouble.kind === "leaderless") ?? troubles[0];
      if (worst === undefined) throw new Error("no manager's address is given");
      const isHopeless = troubles.every(({ trouble }) => trouble.kind === "worker");
      const error = swarmError(worst.trouble, worst.address);
      const { patience, waiting } = this.options;
      const isNews = this.#silentSince === undefined;
      this.#silentSince ??= began;
      if (isHopeless || performance.now() > this.#silentSince + patience * 1000) throw error;
      if (isNews) waiting?.(`waiting up to ${formatDuration(patience)}: ${error.message}`);
      await delay(RETRY_MS);
    }
  }
}

async function within<T>(milliseconds: number, work: Promise<T>, manager: Named): Promise<T> {
  const abort = new AbortController();
  const silence = delay(milliseconds, undefined, { signal: abort.signal }).then(() => {
    throw unreachable(manager, `no answer within ${milliseconds / 1000} s`);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    abort.abort();
    silence.catch(() => undefined);
  }
}
