import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "../core/errors";
import { unreachable, type Named } from "./engine-errors";

/** A call that takes longer than this makes us ask whether the engine still answers at all. */
const PATIENCE_MS = 10_000;
const ANSWER_MS = 10_000;

/**
 * Tells a call that takes its time from an engine that has fallen silent: frozen, or cut off in the middle. Once that is
 * certain, whatever else is to be done there fails at once, instead of each in its own time.
 */
export class Attention {
  #silence: Error | undefined;
  #asking: Promise<boolean> | undefined;

  /** @param patience how often in a row the engine may leave us without an answer while something goes on */
  constructor(
    private readonly host: Named,
    private readonly ping: () => Promise<unknown>,
    private readonly patience = 0,
  ) {}

  /** @param work begins nothing more once it has been given up, which `over` tells: an engine may come back late */
  async keep<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController();
    if (this.#silence !== undefined) throw this.#silence;
    let asking: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      let missed = 0;
      const ask = async () => {
        missed = (await this.#answers()) ? 0 : missed + 1;
        if (missed > this.patience) reject(this.#noAnswer());
      };
      asking = setInterval(() => void ask(), PATIENCE_MS);
    });
    try {
      return await Promise.race([work(over.signal), silent]);
    } catch (error) {
      // Of a stop that comes to no end there is more to say only when the engine still answers.
      const isStop = hasCode(error, "StopUnconfirmed");
      const isSilent = (isStop || hasCode(error, "HostUnreachable")) && !(await this.#answers());
      if (isSilent) this.#silence ??= isStop ? this.#noAnswer() : (error as Error);
      throw isStop && isSilent ? this.#noAnswer() : error;
    } finally {
      clearInterval(asking);
      over.abort();
    }
  }

  /** A look may find a host that was given up. One that finds nothing keeps nobody waiting to learn why. */
  async look<T>(work: () => Promise<T>): Promise<T> {
    try {
      const seen = await work();
      this.#silence = undefined;
      return seen;
    } catch (error) {
      if (hasCode(error, "HostUnreachable")) void this.#giveUp(error as Error);
      throw error;
    }
  }

  #noAnswer(): Error {
    return unreachable(this.host, `no answer within ${ANSWER_MS / 1000} s`);
  }

  /** Unless the engine answers all the same. */
  async #giveUp(why: Error): Promise<void> {
    if (!(await this.#answers())) this.#silence ??= why;
  }

  /** However many ask, the engine is asked once at a time. */
  #answers(): Promise<boolean> {
    const answer = () =>
      this.ping().then(
        () => true,
        () => false,
      );
    this.#asking ??= Promise.race([answer(), delay(ANSWER_MS, false, { ref: false })]).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }
}
