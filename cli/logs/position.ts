import type { LogLine } from "../../provider/engine/log-lines";
import type { LogQuery } from "../../provider/orchestrators/viewer";

/** Position up to which a container's output has been read, so that another call goes on from there. */
export class Position {
  #time: string | undefined;
  /** Number of lines read with the latest time. */
  #count = 0;
  #skip = 0;

  /** @returns true when the line is new */
  take({ time }: LogLine): boolean {
    if (time === this.#time) {
      const isNew = this.#skip === 0;
      if (isNew) this.#count++;
      else this.#skip--;
      return isNew;
    }
    if (this.#time === undefined || time > this.#time) {
      this.#time = time;
      this.#count = 1;
      this.#skip = 0;
    }
    return true;
  }

  /** The query for the lines that follow. @param otherwise the query when nothing has been read yet */
  next(otherwise: LogQuery): LogQuery {
    this.#skip = this.#count;
    return this.#time === undefined ? otherwise : { tail: "all", since: this.#time };
  }
}
