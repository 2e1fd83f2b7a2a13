import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { formatDuration, type Seconds } from "../core/units";
import { dockerode } from "./dockerode";
import { isAnswerLost } from "./engine-errors";
import { swarmError, troubleOf, type Trouble } from "./swarm-errors";
import type { Transport } from "./transport";

/** How to reach one manager. */
export interface Manager {
  readonly address: string;
  readonly transport: Transport;
}

/** What a manager may take for one call: a frozen one, or one that is cut off from the others, may never answer. */
const CALL_TIMEOUT_MS = 10_000;
/** What takes some calls, one after the other, to a manager that answers slowly. */
const WORK_TIMEOUT_MS = 40_000;
const RETRY_MS = 500;

export interface Patience {
  /** How long a Swarm may be without a leader, or out of reach, before that is the answer. */
  readonly patience: Seconds;
  /** Told, once per silence, what is waited for. */
  readonly waiting?: (why: string) => void;
}

/** The managers of one Swarm: what one cannot do, the next is asked, again and again until patience ends. */
export class Managers {
  readonly #clients: readonly (Manager & { readonly docker: Promise<Docker> })[];
  #current = 0;
  /** Kept between calls: whoever asks after patience has ended is not kept waiting all over again. */
  #silentSince: number | undefined;

  constructor(
    managers: readonly Manager[],
    private readonly options: Patience,
  ) {
    this.#clients = managers.map((manager) => ({
      ...manager,
      docker: dockerode(manager.transport, { timeout: CALL_TIMEOUT_MS }),
    }));
  }

  /** The address of the manager that answered last. */
  get address(): string {
    return this.#clients[this.#current]?.address ?? "";
  }

  close(): void {
    for (const { transport } of this.#clients) transport.close();
  }

  /** @param isLook whether the work changes nothing: whatever keeps a manager from answering, another may */
  async call<T>(work: (docker: Docker) => Promise<T>, isLook = false): Promise<T> {
    for (;;) {
      const began = performance.now();
      const troubles: { readonly trouble: Trouble; readonly address: string }[] = [];
      for (let tried = 0; tried < this.#clients.length; tried++) {
        const client = this.#clients[this.#current];
        if (client === undefined) break;
        let asked = performance.now();
        try {
          await client.transport.ready();
          asked = performance.now();
          const answer = await within(WORK_TIMEOUT_MS, work(await client.docker));
          this.#silentSince = undefined;
          return answer;
        } catch (error) {
          const isLate = isAnswerLost(error) && performance.now() - asked >= CALL_TIMEOUT_MS;
          const trouble = troubleOf(isLate ? noAnswer(CALL_TIMEOUT_MS) : error, client.transport, isLook);
          if (trouble === undefined) {
            this.#silentSince = undefined;
            throw error;
          }
          troubles.push({ trouble, address: client.address });
          this.#current = (this.#current + 1) % this.#clients.length;
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

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const abort = new AbortController();
  const silence = delay(milliseconds, undefined, { signal: abort.signal }).then(() => {
    throw noAnswer(milliseconds);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    abort.abort();
    silence.catch(() => undefined);
  }
}

function noAnswer(milliseconds: number): Error {
  return new Error(`no answer within ${milliseconds / 1000} s`);
}
