import type Docker from "dockerode";
import type { Properties } from "./provider";
import type { Rig } from "./rig";

/** Containers of an app on each engine, past every transport. */
export async function containersByHost(rig: Rig, app: string): Promise<Record<string, Docker.ContainerInfo[]>> {
  const filters = { label: [`formation.app=${app}`] };
  const lists = rig.engines.map(async ({ name, docker }): Promise<[string, Docker.ContainerInfo[]]> => [
    name,
    await docker.listContainers({ all: true, filters }),
  ]);
  return Object.fromEntries(await Promise.all(lists));
}

/** Slots of an app on each engine: `{ a: ["web.1"], b: [], c: ["clock.1"] }`. A process that does not run is marked. */
export async function slotsByHost(rig: Rig, app: string): Promise<Record<string, string[]>> {
  const slot = ({ Names, State }: Docker.ContainerInfo) =>
    `${(Names[0] ?? "").slice(app.length + 2)}${State === "running" ? "" : ` ${State}`}`;
  const seen = Object.entries(await containersByHost(rig, app));
  return Object.fromEntries(seen.map(([host, all]) => [host, all.map(slot).sort()]));
}

/** Number of processes on each engine. */
export async function countsByHost(rig: Rig, app: string): Promise<number[]> {
  return Object.values(await slotsByHost(rig, app)).map((slots) => slots.length);
}

/** Removes every container of an app. */
export async function removeEverywhere(rig: Rig, app: string): Promise<void> {
  const all = await containersByHost(rig, app);
  await Promise.all(
    rig.engines.flatMap(({ name, docker }) =>
      (all[name] ?? []).map(({ Id }) => docker.getContainer(Id).remove({ force: true })),
    ),
  );
}

/** Makes entries of `hosts` for some engines, each with more properties. */
export function hostsOf(rig: Rig, names: string, more: Readonly<Record<string, Properties>> = {}): Properties[] {
  return Array.from(names, (name) => {
    const engine = rig.engines.find((one) => one.name === name);
    return { ...engine?.hostArgs, ...more[name] };
  });
}
