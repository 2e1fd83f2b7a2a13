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

  constructor(
    private readonly host: Named,
    private readonly ping: () => Promise<unknown>,
  ) {}

  async keep<T>(work: () => Promise<T>): Promise<T> {
    if (this.#silence !== undefined) throw this.#silence;
    let asking: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      const ask = async () => {
        if (!(await this.#answers())) reject(unreachable(this.host, `no answer within ${ANSWER_MS / 1000} s`));
      };
      asking = setInterval(() => void ask(), PATIENCE_MS);
    });
    try {
      return await Promise.race([work(), silent]);
    } catch (error) {
      if (hasCode(error, "HostUnreachable") && !(await this.#answers())) this.#silence ??= error as Error;
      throw error;
    } finally {
      clearInterval(asking);
    }
  }

  /** For work that nobody should have to wait for. */
  async within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fail = () => reject(unreachable(this.host, `no answer within ${milliseconds / 1000} s`));
      deadline = setTimeout(fail, milliseconds);
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(deadline);
    }
  }

  /** A host that has been reached is no longer given up. */
  renew(): void {
    this.#silence = undefined;
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
