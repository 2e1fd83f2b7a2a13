import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "./engine";
import { Stack } from "./stack";

interface Recorded {
  readonly type: string;
  readonly inputs: { readonly formation: Record<string, number>; readonly image: string };
  readonly outputs: { readonly formation: Record<string, number>; readonly log: readonly string[] };
}

/** Stack with one formation, to try the `formation` command on. */
export class CliApp {
  readonly name = uniqueName("shop");
  readonly stack = new Stack("cli");
  /** A tag of this test alone: rebuilding a shared one would be a release. */
  readonly image = `${this.name}:1`;

  async create(args: string): Promise<void> {
    await this.tagImage();
    this.declare(args);
    expect(await this.stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
    expect(await this.stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  }

  async tagImage(): Promise<void> {
    await docker.getImage(baseImage()).tag({ repo: this.name, tag: "1" });
  }

  async remove(): Promise<void> {
    await removeContainersOf(this.name);
    await docker.getImage(this.image).remove();
    this.stack.delete();
  }

  declare(args: string): void {
    this.stack.program(this.name, `{ image: ${JSON.stringify(this.image)}, ${args} }`);
  }

  /** Ids of the app's containers by process. */
  async processes(): Promise<Record<string, string>> {
    const containers = await containersOf(this.name);
    const names = containers.map(({ Labels, Id }) => [`${Labels["formation.type"]}.${Labels["formation.index"]}`, Id]);
    return Object.fromEntries(names.sort()) as Record<string, string>;
  }

  /** Text of the stack's own configuration. */
  config(): string {
    const file = join(this.stack.folder, "Pulumi.dev.yaml");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  recorded(): Recorded {
    const file = join(this.stack.folder, "backend/.pulumi/stacks/cli/dev.json");
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest: { resources: Recorded[]; pending_operations?: unknown[] } };
    };
    expect(checkpoint.latest.pending_operations ?? []).toEqual([]);
    return checkpoint.latest.resources.find((one) => one.type.endsWith(":Formation"))!;
  }

  /** Names of files that a command leaves behind only when it is killed. */
  leftovers(): string[] {
    return readdirSync(this.stack.folder).filter((name) => /candidate|lock$/.test(name));
  }
}
