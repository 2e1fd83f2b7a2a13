import { KEY_VARIABLE } from "../../../core/model/environment";
import { hasCode } from "../../../core/values/errors";

/** Keys of formations in the environments of an engine's containers. A key never changes, so each is read once. */
export class Keys {
  readonly #known = new Map<string, string | undefined>();

  constructor(private readonly variable: (container: string, name: string) => Promise<string | undefined>) {}

  /** Notes the key of a container that was created here. */
  note(container: string, key: unknown): void {
    this.#known.set(container, String(key));
  }

  /** Reads the key of a container; one that is gone by now has none. */
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
