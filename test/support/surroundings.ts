import { randomBytes } from "node:crypto";
import type { HookContext } from "../../provider/orchestrators/hook-context";

/** Surroundings of app shop in stack shop/dev, with no reachable host, except for what `more` says. */
export function surroundings(more: Partial<HookContext> = {}): HookContext {
  return {
    owner: "shop/dev",
    name: "shop",
    scaleConfig: {},
    now: () => 0,
    interrupted: () => false,
    urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/formation:Formation::shop",
    run: randomBytes(8).toString("hex"),
    process: "",
    isGone: () => false,
    every: () => () => undefined,
    isWrittenOff: () => false,
    connect: () => {
      throw new Error("no host may be contacted here");
    },
    managers: () => {
      throw new Error("no Swarm may be contacted here");
    },
    actor: () => Promise.resolve("adam@example.com"),
    sleep: () => Promise.resolve(),
    say: () => undefined,
    progress: () => undefined,
    ...more,
  };
}
