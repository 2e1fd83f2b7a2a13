import type { ContainerInfo } from "../../../engine/containers";
import { wholeGlance } from "../../../engine/whole";

/** Age up to which an observation is used again. */
const FRESH_MS = 250;
/** Time after which a container that nobody asked for is left out of observations. */
const WANTED_MS = 1_000;

interface Glance {
  readonly at: number;
  readonly ids: readonly string[];
  readonly list: Promise<readonly ContainerInfo[]>;
}

/** Observes the containers that are waited for on a host: all who wait share each observation, one at a time. */
export class SharedList {
  /** Time at which each container was last asked for. */
  readonly #wanted = new Map<string, number>();
  #last: Glance | undefined;
  #next: Promise<Glance> | undefined;

  constructor(private readonly look: (ids: readonly string[]) => Promise<readonly ContainerInfo[]>) {}

  /** @param since start of the process, which an older observation would show as not running */
  async of(id: string, since: number): Promise<ContainerInfo | undefined> {
    const now = performance.now();
    this.#wanted.set(id, now);
    const last = this.#last;
    const isFresh = last !== undefined && last.at >= since && now - last.at <= FRESH_MS && last.ids.includes(id);
    const { list } = isFresh ? last : await (this.#next ??= this.#after(last));
    return (await list).find((container) => container.Id === id);
  }

  async #after(last: Glance | undefined): Promise<Glance> {
    await last?.list.catch(() => undefined);
    this.#next = undefined;
    const at = performance.now();
    for (const [id, asked] of this.#wanted) if (at - asked > WANTED_MS) this.#wanted.delete(id);
    const ids = [...this.#wanted.keys()];
    const glance = { at, ids, list: this.look(ids).then(wholeGlance) };
    glance.list.catch(() => undefined);
    this.#last = glance;
    return glance;
  }
}
