import type { EngineProxy } from "../../test/support/engine-proxy";
import { empty, trivial } from "../programs";
import { Compose } from "./compose";
import type { Contestant } from "./contestant";
import { Floor } from "./floor";
import { Ours } from "./ours";
import { PulumiProgram } from "./pulumi";

export interface Rig {
  readonly image: string;
  /** Proxy to the Docker engine that all contestants go through, so that it weighs on all alike. */
  readonly proxy: EngineProxy;
  /** Path of the docker compose program. */
  readonly compose: string;
  /** Name that no other run has. */
  readonly name: string;
}

export const contestants = {
  "floor-4": ({ name, image, proxy }) => new Floor(`${name}-f4`, image, 4, proxy.socketPath),
  "floor-8": ({ name, image, proxy }) => new Floor(`${name}-f8`, image, 8, proxy.socketPath),
  "floor-16": ({ name, image, proxy }) => new Floor(`${name}-f16`, image, 16, proxy.socketPath),
  ours: ({ name, image, proxy }) => new Ours(`${name}-ours`, image, 0, proxy),
  monitored: ({ name, image, proxy }) => new Ours(`${name}-monitored`, image, undefined, proxy),
  compose: ({ name, image, compose, proxy }) => new Compose(`${name}-compose`, image, compose, proxy),
  empty: () => new PulumiProgram(() => empty),
  trivial: () => new PulumiProgram(trivial),
} satisfies Record<string, (rig: Rig) => Contestant>;

export type ContestantName = keyof typeof contestants;
