import type Docker from "dockerode";
import { FormationError } from "../core/errors";

// Engines drop fields that they do not know, silently: every call names the version of the API that it is made for.
const OLDEST = "1.41";
const NEWEST = "1.51";

/** The newest version that both sides know. */
function agree(engine: { readonly ApiVersion: string; readonly MinAPIVersion?: string }, host: string): string {
  const { ApiVersion: newest, MinAPIVersion: oldest = "1.12" } = engine;
  if (order(newest) < order(OLDEST)) {
    const message = `the engine of ${host} knows version ${newest} of the Docker API, at least ${OLDEST} is needed`;
    throw new FormationError("EngineTooOld", message, { hint: "upgrade Docker there to 20.10 or later" });
  }
  if (order(oldest) > order(NEWEST)) {
    const message = `the engine of ${host} asks for version ${oldest} of the Docker API, ${NEWEST} is the newest known`;
    throw new FormationError("EngineRefused", message, { hint: "upgrade pulumi-formation" });
  }
  return order(newest) < order(NEWEST) ? newest : NEWEST;
}

/** Agrees with an engine on a version, once, and has all further calls name it. @param clients of the one engine */
export function agreement(clients: readonly [Docker, ...Docker[]], host: string): () => Promise<void> {
  let agreed: Promise<void> | undefined;
  const reach = async () => {
    try {
      const version = `v${agree(await clients[0].version(), host)}`;
      for (const { modem } of clients) Object.assign(modem as object, { version });
    } catch (error) {
      agreed = undefined;
      throw error;
    }
  };
  return () => (agreed ??= reach());
}

/** `1.9` comes before `1.41`. */
function order(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
