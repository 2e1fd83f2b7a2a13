import { FormationError } from "../core/errors";
import type { EngineHttp } from "./engine-http";

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

/** Agrees with an engine on a version, once. @returns `v1.43`, which the path of each further call begins with */
export function agreement(engine: EngineHttp): () => Promise<string> {
  let agreed: Promise<string> | undefined;
  const reach = async () => {
    try {
      return `v${agree(await engine.get("/version"), engine.host.name)}`;
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
