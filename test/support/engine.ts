import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import Docker from "dockerode";

export const docker = new Docker();

/** Makes a name that no other test has, so that two runs at once do not meet. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}

/** Makes sure of a local image with node, sh, sleep and cat. @returns its reference */
export function baseImage(): string {
  const lines = execFileSync(process.execPath, [join(__dirname, "../../scripts/setup.mjs"), "base-image"], {
    encoding: "utf8",
  });
  return lines.trim().split("\n").at(-1) ?? "";
}

export async function containersOf(app: string): Promise<Docker.ContainerInfo[]> {
  return docker.listContainers({ all: true, filters: { label: [`formation.app=${app}`] } });
}

/** Removes all that a formation may have left, claims included. */
export async function removeContainersOf(app: string): Promise<void> {
  for (const { Id } of await containersOf(app)) await docker.getContainer(Id).remove({ force: true });
  for (const name of await claimsOf(app)) await docker.getVolume(name).remove();
}

/** Names of the volumes that claim an app's name. */
export async function claimsOf(app: string): Promise<string[]> {
  const { Volumes } = await docker.listVolumes({ filters: { label: [`formation.claim=${app}`] } });
  return Volumes.map(({ Name }) => Name);
}
