import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "../core/values/errors";
import { unreachable, type Named } from "./errors";

/** Duration of a call after which the engine is asked whether it still answers at all. */
const PATIENCE_MS = 10_000;
const ANSWER_MS = 10_000;

/**
 * Tells a slow call from an unreachable engine: frozen, or cut off in the middle. Once an engine is known to be
 * unreachable, every other call to it fails at once instead of running into its own deadline.
 */
export class SilenceGuard {
  #silence: Error | undefined;
  #asking: Promise<boolean> | undefined;

  /** @param patience answers in a row that the engine may miss while a call is under way */
  constructor(
    private readonly host: Named,
    private readonly ping: () => Promise<unknown>,
    private readonly patience = 0,
  ) {}

  /** Runs work unless the engine is unreachable. @param work begins nothing more once `over` is aborted */
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
      // A stop without a confirmed end, on an engine that does not answer either, is reported as an unreachable host.
      const isStop = hasCode(error, "StopUnconfirmed");
      const isSilent = (isStop || hasCode(error, "HostUnreachable")) && !(await this.#answers());
      if (isSilent) this.#silence ??= isStop ? this.#noAnswer() : (error as Error);
      throw isStop && isSilent ? this.#noAnswer() : error;
    } finally {
      clearInterval(asking);
      over.abort();
    }
  }

  /**
   * Runs an observation, also of an engine that is taken for unreachable, which its success ends. A failure is thrown
   * at once; the engine is asked in the background whether it still answers.
   */
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

  /** Marks the engine as unreachable, unless it answers all the same. */
  async #giveUp(why: Error): Promise<void> {
    if (!(await this.#answers())) this.#silence ??= why;
  }

  /** Asks the engine once at a time, however many callers wait for the answer. */
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
