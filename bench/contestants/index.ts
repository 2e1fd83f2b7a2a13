import { empty, trivial } from "../programs";
import { Compose } from "./compose";
import type { Contestant } from "./contestant";
import { Floor } from "./floor";
import { Ours } from "./ours";
import { PulumiProgram } from "./pulumi";

export interface Rig {
  readonly image: string;
  /** The docker compose program. */
  readonly compose: string;
  /** A name of this run's own. */
  readonly name: string;
}

export const contestants = {
  "floor-4": ({ name, image }) => new Floor(`${name}-f4`, image, 4),
  "floor-8": ({ name, image }) => new Floor(`${name}-f8`, image, 8),
  "floor-16": ({ name, image }) => new Floor(`${name}-f16`, image, 16),
  ours: ({ name, image }) => new Ours(`${name}-ours`, image, 0),
  monitored: ({ name, image }) => new Ours(`${name}-monitored`, image, undefined),
  compose: ({ name, image, compose }) => new Compose(`${name}-compose`, image, compose),
  empty: () => new PulumiProgram(() => empty),
  trivial: () => new PulumiProgram(trivial),
} satisfies Record<string, (rig: Rig) => Contestant>;

export type ContestantName = keyof typeof contestants;
