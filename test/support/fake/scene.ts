import fc from "fast-check";
import type { Properties } from "../../../provider/core/record/properties";

// Random worlds. Each process type has fixed settings, and is part of a world or not; everything else is drawn.

const WAYS = {
  web: { port: 8080, health: { path: "/", startPeriod: 1 } },
  worker: { update: { parallelism: 2 } },
  mailer: { update: { order: "stop-first" } },
  clock: { singleton: true },
  api: { port: 9000, bind: "127.0.0.1:9000" },
} as const;
export type TypeName = keyof typeof WAYS;
const TYPES = Object.keys(WAYS) as TypeName[];
/** Types with at most one process per host, and with at most one in all. */
const ONE_EACH: readonly TypeName[] = ["api"];
const ONE_IN_ALL: readonly TypeName[] = ["clock"];

/** The former program, or the present one. */
interface Version {
  readonly quantities: Readonly<Partial<Record<TypeName, number>>>;
  readonly commands: Readonly<Record<TypeName, string>>;
  readonly image: string;
  readonly hosts: readonly string[];
}

export type HostFate = "fine" | "new" | "lost" | "abandoned" | "back" | "former" | "former and lost";

/** Fates of unreachable hosts. */
export const CUT_OFF: readonly HostFate[] = ["lost", "former and lost", "abandoned"];

const DEEDS = [
  ...([
    "exit",
    "stop",
    "pause",
    "remove",
    "rename",
    "resize",
    "crash loop",
    "twin",
    "orphan",
    "never started",
  ] as const),
];

/** Something done to a container between two updates; `which` picks one of the existing containers. */
export interface Disturbance {
  readonly which: number;
  readonly what: (typeof DEEDS)[number];
  /** Number of the host that a twin is on. */
  readonly host: number;
}

export interface Scene {
  readonly before: Version;
  readonly after: Version;
  readonly hosts: Readonly<Record<string, HostFate>>;
  readonly disturbances: readonly Disturbance[];
  readonly isRebuilt: boolean;
  /** The present program's placement: labels of hosts, their maxima of processes, and a rebalancing. */
  readonly placement: {
    readonly ssd: readonly string[];
    readonly isPicky: boolean;
    readonly most: Readonly<Record<string, number>>;
    readonly isRebalanced: boolean;
  };
  readonly failureAction: "rollback" | "pause";
  /** True when the program has a release command. */
  readonly isPrepared: boolean;
  /** Hosts that have to pull the present image. */
  readonly lacking: readonly string[];
  readonly seed: number;
}

/** The release command; it runs again with each new image. */
export const MIGRATION = "migrate";

const HOST_NAMES = ["a", "b", "c", "d"];
const isKnownBefore = (fate: HostFate) => fate !== "new";
const isDeclared = (fate: HostFate) => fate !== "former" && fate !== "former and lost";

const quantities = (hosts: number) => {
  const most = (type: TypeName) => (ONE_IN_ALL.includes(type) ? 1 : ONE_EACH.includes(type) ? hosts : 4);
  return fc.record(
    Object.fromEntries(TYPES.map((type) => [type, fc.nat({ max: most(type) })])) as Record<
      TypeName,
      fc.Arbitrary<number>
    >,
    { requiredKeys: [] },
  );
};
const commands = (versions: readonly string[]) =>
  fc.record(
    Object.fromEntries(TYPES.map((type) => [type, fc.constantFrom(...versions)])) as Record<
      TypeName,
      fc.Arbitrary<string>
    >,
  );

interface Range {
  readonly fates: readonly HostFate[];
  readonly disturbances: number;
  readonly images: readonly string[];
  readonly commands: readonly string[];
  /** True when programs may have settings of placement. */
  readonly isPlaced: boolean;
  readonly isRebuilt: boolean;
  /** True when programs may have a release command. */
  readonly isPrepared: boolean;
}

export const ANYTHING: Range = {
  fates: ["fine", "fine", "fine", "new", "lost", "abandoned", "back", "former", "former and lost"],
  disturbances: 5,
  images: ["shop:1", "shop:1", "shop:2"],
  commands: ["run v1", "run v1", "run v2"],
  isPlaced: true,
  isRebuilt: true,
  isPrepared: true,
};

/** Worlds in which only quantities change. */
export const COUNTS: Range = {
  fates: ["fine", "fine", "new"],
  disturbances: 0,
  images: ["shop:1"],
  commands: ["run v1"],
  isPlaced: false,
  isRebuilt: false,
  isPrepared: false,
};

/** A release of which some types cannot start, on hosts that are all well. */
export const BAD_RELEASE: Range = {
  ...COUNTS,
  fates: ["fine", "fine", "former"],
  commands: ["run v2", "run v2", "bad", "silent"],
};

export function scenes({ fates, disturbances, images, commands: versions, ...is }: Range): fc.Arbitrary<Scene> {
  return fc
    .array(fc.constantFrom(...fates), { minLength: 1, maxLength: 4 })
    .map((drawn) => drawn.map((fate, at): [string, HostFate] => [HOST_NAMES[at] ?? "", fate]))
    .filter((hosts) => hosts.some(([, fate]) => isKnownBefore(fate)) && hosts.some(([, fate]) => isDeclared(fate)))
    .chain((hosts) => {
      const names = (is: (fate: HostFate) => boolean) => hosts.filter(([, fate]) => is(fate)).map(([name]) => name);
      const [known, declared] = [names(isKnownBefore), names(isDeclared)];
      return fc.record({
        before: fc.record({
          quantities: quantities(known.length),
          commands: commands(["run v1"]),
          image: fc.constant("shop:1"),
          hosts: fc.constant(known),
        }),
        after: fc.record({
          quantities: quantities(declared.length),
          commands: commands(versions),
          image: fc.constantFrom(...images),
          hosts: fc.constant(declared),
        }),
        hosts: fc.constant(Object.fromEntries(hosts)),
        disturbances: fc.array(
          fc.record({
            which: fc.nat({ max: 20 }),
            what: fc.constantFrom(...DEEDS),
            host: fc.nat({ max: 3 }),
          }),
          { maxLength: disturbances },
        ),
        isRebuilt: is.isRebuilt ? fc.boolean() : fc.constant(false),
        placement: fc.record({
          ssd: fc.subarray(declared),
          isPicky: fc.constantFrom(false, is.isPlaced),
          most: fc.dictionary(fc.constantFrom(...declared), fc.integer({ min: 1, max: 8 }), {
            maxKeys: is.isPlaced ? 2 : 0,
          }),
          isRebalanced: fc.constantFrom(false, is.isPlaced),
        }),
        failureAction: fc.constantFrom("rollback" as const, "pause" as const),
        isPrepared: fc.constantFrom(false, is.isPrepared),
        lacking: fc.subarray(is.isPrepared ? declared : []),
        seed: fc.nat(),
      });
    });
}

/** The inputs that a version of the program declares. */
export function programOf(scene: Scene, version: Version): Properties {
  const { hosts, failureAction, placement } = scene;
  const isNow = version !== scene.before;
  const present = TYPES.filter((type) => version.quantities[type] !== undefined);
  // A program without any type is refused.
  const types = present.length === 0 ? (["worker"] as const) : present;
  return {
    image: version.image,
    processes: Object.fromEntries(
      types.map((type) => [
        type,
        {
          ...WAYS[type],
          command: version.commands[type],
          ...(isNow && placement.isPicky && type === "worker" ? { placement: { labels: { disk: "ssd" } } } : {}),
        },
      ]),
    ),
    scale: Object.fromEntries(types.map((type) => [type, version.quantities[type] ?? 0])),
    ...(scene.isPrepared ? { releasePhase: { command: MIGRATION, timeout: 60 } } : {}),
    update: { monitor: 1, failureAction },
    hosts: version.hosts.map((name) => ({
      name,
      host: `unix:///${name}`,
      ...(isNow && (hosts[name] === "abandoned" || hosts[name] === "back") ? { abandoned: true } : {}),
      ...(isNow && placement.ssd.includes(name) ? { labels: { disk: "ssd" } } : {}),
      ...(isNow && placement.most[name] !== undefined ? { maxProcesses: placement.most[name] } : {}),
    })),
    ...(isNow && placement.isRebalanced ? { rebalance: "now" } : {}),
  };
}
