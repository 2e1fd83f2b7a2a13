import type { ContainerInfo } from "./containers";

/** Looks within this time are one and the same. */
const FRESH_MS = 250;
/** Nobody waits any longer for a process that was not asked for in this time. */
const WANTED_MS = 1_000;

interface Glance {
  readonly at: number;
  readonly ids: readonly string[];
  readonly list: Promise<readonly ContainerInfo[]>;
}

/** Looks at the containers that are waited for on a host, each look shared by all who wait there; one at a time. */
export class Glances {
  /** When each was last asked for. */
  readonly #wanted = new Map<string, number>();
  #last: Glance | undefined;
  #next: Promise<Glance> | undefined;

  constructor(private readonly look: (ids: readonly string[]) => Promise<readonly ContainerInfo[]>) {}

  /** @param since an older look would show a process that has been started since as not running */
  async of(id: string, since: number): Promise<ContainerInfo | undefined> {
    const now = performance.now();
    this.#wanted.set(id, now);
    const last = this.#last;
    const isFresh = last !== undefined && last.at >= since && now - last.at <= FRESH_MS && last.ids.includes(id);
    const { list } = isFresh ? last : await (this.#next ??= this.#after(last));
    return (await list).find((one) => one.Id === id);
  }

  async #after(last: Glance | undefined): Promise<Glance> {
    await last?.list.catch(() => undefined);
    this.#next = undefined;
    const at = performance.now();
    for (const [id, asked] of this.#wanted) if (at - asked > WANTED_MS) this.#wanted.delete(id);
    const ids = [...this.#wanted.keys()];
    const glance = { at, ids, list: this.look(ids) };
    glance.list.catch(() => undefined);
    this.#last = glance;
    return glance;
  }
}
