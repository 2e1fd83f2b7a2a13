import type { DesiredInstance } from "../../../core/model/desired";
import { LABEL } from "../../../core/model/labels";
import type { ObservedInstance } from "../../../core/model/observed";
import { DEFAULT_STOP_TIMEOUT } from "../../../core/inputs/container/container-settings";
import type { AgreedEngine } from "../../../engine/api-version";
import { query } from "../../../engine/client";
import { hasCode } from "../../../core/values/errors";
import { limit } from "../../../engine/limit";
import { clearFiles, writeFiles, type Bearer } from "../container/secret-files";

/** The folders of secrets on one host: each is written once, and cleared with the last container that has it. */
export class FilesKept {
  readonly #written = new Set<string>();
  readonly #bearers = new Map<string, Bearer & { readonly folder: string }>();
  /** Containers that are being made, by folder: the engine may not know them yet. */
  readonly #coming = new Map<string, number>();
  readonly #inTurn = limit(1);

  /** Notes the containers of an observation. */
  note(instances: readonly ObservedInstance[]): void {
    for (const { container, identity = "", imageId: image, files: folder } of instances)
      if (folder !== undefined)
        this.#bearers.set(container, { identity, image, folder, settings: { stopTimeout: DEFAULT_STOP_TIMEOUT } });
  }

  /** Notes a container that was made here. */
  hold(container: string, want: DesiredInstance): void {
    if (want.files !== undefined) this.#bearers.set(container, { ...want, folder: want.files.folder });
  }

  /** Makes something of a container whose files are there from before it starts. */
  async with<T>(engine: AgreedEngine, want: DesiredInstance | undefined, make: () => Promise<T>): Promise<T> {
    const files = want?.files;
    if (want === undefined || files === undefined) return make();
    const { folder } = files;
    this.#coming.set(folder, (this.#coming.get(folder) ?? 0) + 1);
    try {
      await this.#inTurn(async () => {
        if (this.#written.has(folder)) return;
        await writeFiles(engine, want, files);
        this.#written.add(folder);
      });
      return await make();
    } finally {
      this.#coming.set(folder, (this.#coming.get(folder) ?? 1) - 1);
    }
  }

  /** Clears the files of a container that is gone, unless another has the same. */
  async clear(engine: AgreedEngine, container: string): Promise<void> {
    const gone = this.#bearers.get(container);
    if (gone === undefined) return;
    this.#bearers.delete(container);
    await this.#inTurn(async () => {
      const filters = { label: [`${LABEL.files}=${gone.folder}`] };
      const others = await engine.get<readonly object[]>(`/containers/json${query({ all: true, filters })}`);
      if (others.length > 0 || (this.#coming.get(gone.folder) ?? 0) > 0) return;
      this.#written.delete(gone.folder);
      await clearFiles(engine, gone, gone.folder).catch((error: unknown) => {
        // Without its image, no carrier can be made; the folder ends with the host's next reboot.
        if (!hasCode(error, "NotFound")) throw error;
      });
    });
  }
}
