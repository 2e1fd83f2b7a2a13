import { SECRETS_FOLDER, type SecretFiles } from "../../../core/model/secret-files";
import type { HostConfig } from "../../../engine/containers";

/** A tmpfs on every Linux, which is made sure of before any secret is written. */
export const MEMORY = "/dev/shm";
/** Our folder in there. */
export const OURS = "formation";

/** Mount of a container's files. Unlike an entry of `Binds`, it is refused when the folder is gone. */
export function filesMount({ folder }: SecretFiles): NonNullable<HostConfig["Mounts"]>[number] {
  return { Type: "bind", Source: `${MEMORY}/${OURS}/${folder}`, Target: SECRETS_FOLDER, ReadOnly: true };
}
