import fc from "fast-check";
import type { Properties } from "../../../provider/properties";

// What a random world is made of. Each type has its own ways, and is chosen or not; the rest is drawn.

const WAYS = {
  web: { port: 8080 },
  worker: { update: { parallelism: 2 } },
  mailer: { update: { order: "stop-first" } },
  clock: { singleton: true },
  api: { port: 9000, bind: "127.0.0.1:9000" },
} as const;
export type TypeName = keyof typeof WAYS;
const TYPES = Object.keys(WAYS) as TypeName[];
/** At most one of the type runs on a host; or in all. */
const ONE_EACH: readonly TypeName[] = ["api"];
const ONE_IN_ALL: readonly TypeName[] = ["clock"];

/** A program as it was, or as it is now. */
interface Version {
  readonly quantities: Readonly<Partial<Record<TypeName, number>>>;
  readonly commands: Readonly<Record<TypeName, string>>;
  readonly image: string;
  readonly hosts: readonly string[];
}

export type HostFate = "fine" | "new" | "lost" | "abandoned" | "back" | "former" | "former and lost";

/** Nothing of these can be reached. */
export const CUT_OFF: readonly HostFate[] = ["lost", "former and lost", "abandoned"];

/** What somebody has done to a container since; `which` picks one of those there are. */
export interface Disturbance {
  readonly which: number;
  readonly what: "exit" | "stop" | "pause" | "remove" | "rename" | "crash loop" | "twin" | "orphan" | "never started";
  /** Where a twin is. */
  readonly host: number;
}

export interface Scene {
  readonly before: Version;
  readonly after: Version;
  readonly hosts: Readonly<Record<string, HostFate>>;
  readonly disturbances: readonly Disturbance[];
  readonly isRebuilt: boolean;
  readonly failureAction: "rollback" | "pause";
  readonly seed: number;
}

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
}

export const ANYTHING: Range = {
  fates: ["fine", "fine", "fine", "new", "lost", "abandoned", "back", "former", "former and lost"],
  disturbances: 5,
  images: ["shop:1", "shop:1", "shop:2"],
  commands: ["run v1", "run v1", "run v2"],
};

export function scenes({ fates, disturbances, images, commands: versions }: Range): fc.Arbitrary<Scene> {
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
            what: fc.constantFrom<Disturbance["what"]>(
              ...([
                "exit",
                "stop",
                "pause",
                "remove",
                "rename",
                "crash loop",
                "twin",
                "orphan",
                "never started",
              ] as const),
            ),
            host: fc.nat({ max: 3 }),
          }),
          { maxLength: disturbances },
        ),
        isRebuilt: fc.boolean(),
        failureAction: fc.constantFrom("rollback" as const, "pause" as const),
        seed: fc.nat(),
      });
    });
}

/** What a program declares. */
export function programOf({ hosts, failureAction, before }: Scene, version: Version): Properties {
  const present = TYPES.filter((type) => version.quantities[type] !== undefined);
  // A program without any type is refused.
  const types = present.length === 0 ? (["worker"] as const) : present;
  return {
    image: version.image,
    processes: Object.fromEntries(types.map((type) => [type, { ...WAYS[type], command: version.commands[type] }])),
    scale: Object.fromEntries(types.map((type) => [type, version.quantities[type] ?? 0])),
    update: { monitor: 1, failureAction },
    hosts: version.hosts.map((name) => ({
      name,
      host: `unix:///${name}`,
      ...(version !== before && (hosts[name] === "abandoned" || hosts[name] === "back") ? { abandoned: true } : {}),
    })),
  };
}
