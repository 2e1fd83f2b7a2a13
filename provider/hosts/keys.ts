import { KEY_VARIABLE } from "../core/environment";
import { hasCode } from "../core/errors";

/** The keys in the environments of an engine's containers. None ever changes: each is read once. */
export class Keys {
  readonly #known = new Map<string, string | undefined>();

  constructor(private readonly variable: (container: string, name: string) => Promise<string | undefined>) {}

  /** A container that was made here. */
  note(container: string, key: unknown): void {
    this.#known.set(container, String(key));
  }

  /** A container that is gone by now is nobody's. */
  async of(container: string): Promise<string | undefined> {
    if (this.#known.has(container)) return this.#known.get(container);
    const key = await this.variable(container, KEY_VARIABLE).catch((error: unknown) => {
      if (hasCode(error, "NotFound")) return undefined;
      throw error;
    });
    this.#known.set(container, key);
    return key;
  }
}
