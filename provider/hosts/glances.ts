import type { ContainerInfo } from "dockerode";

/** Looks within this time are one and the same. */
const FRESH_MS = 250;

interface Glance {
  readonly at: number;
  readonly list: Promise<readonly ContainerInfo[]>;
}

/** Looks at all containers of ours on a host, each shared by all who wait for a process there; one at a time. */
export class Glances {
  #last: Glance | undefined;
  #next: Promise<Glance> | undefined;

  constructor(private readonly look: () => Promise<readonly ContainerInfo[]>) {}

  /** @param since an older look would show a process that has been started since as not running */
  async of(id: string, since: number): Promise<ContainerInfo | undefined> {
    const last = this.#last;
    const isFresh = last !== undefined && last.at >= since && performance.now() - last.at <= FRESH_MS;
    const { list } = isFresh ? last : await (this.#next ??= this.#after(last));
    return (await list).find((one) => one.Id === id);
  }

  async #after(last: Glance | undefined): Promise<Glance> {
    await last?.list.catch(() => undefined);
    this.#next = undefined;
    const glance = { at: performance.now(), list: this.look() };
    glance.list.catch(() => undefined);
    this.#last = glance;
    return glance;
  }
}
