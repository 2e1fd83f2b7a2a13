import { join } from "node:path";
import { uniqueName } from "../test/support/engine";
import { EngineProxy } from "../test/support/engine-proxy";
import { Command } from "./contestants/command";
import { Compose } from "./contestants/compose";
import type { Contestant } from "./contestants/contestant";
import { PulumiProgram } from "./contestants/pulumi";
import { empty } from "./programs";

export { machine } from "./machine";
export { writeSection } from "./section";

interface Scaling {
  readonly contestants: Readonly<Record<string, Contestant>>;
  readonly end: () => Promise<void>;
}

/**
 * Makes the contestants in the benchmark of `formation scale`.
 *
 * @param before folder in which a former command was built
 */
export async function scaling(image: string, compose: string, before: string | undefined): Promise<Scaling> {
  const proxy = await EngineProxy.start();
  const name = uniqueName("scale");
  const contestants: Record<string, Contestant> = {
    now: new Command(`${name}-now`, image, proxy, join(__dirname, "..")),
    compose: new Compose(`${name}-compose`, image, compose, proxy),
    empty: new PulumiProgram(() => empty, ["--skip-preview"]),
  };
  if (before !== undefined) contestants["before"] = new Command(`${name}-before`, image, proxy, before);
  return {
    contestants,
    end: async () => {
      for (const contestant of Object.values(contestants)) await contestant.cleanUp();
      await proxy.close();
    },
  };
}
