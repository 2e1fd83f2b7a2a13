import { execFile } from "node:child_process";
import { plainLine } from "../core/values/plain";

type Env = Readonly<Record<string, string | undefined>>;

/** Words with which helpers say that they have no credentials for a registry. */
const NOT_FOUND = /credentials not found/i;
/** User name that helpers give where the secret is an identity token. */
const TOKEN = "<token>";

/** Answer of a credential helper: a registry's credentials, nothing, or in `trouble` the reason why it gave no answer. */
export interface Helped {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly trouble?: string;
}

/**
 * Asks a credential helper of Docker (`docker-credential-<name> get`) for a registry's credentials.
 *
 * @param address as `docker login` stores it; for Docker Hub `https://index.docker.io/v1/`
 * @returns nothing when it has none
 */
export function askHelper(name: string, address: string, env: Env, timeoutMs: number): Promise<Helped> {
  const program = `docker-credential-${name}`;
  if (!/^[\w.-]+$/.test(name)) return Promise.resolve({ trouble: `${plainLine(program)} is no name of a helper` });
  return new Promise((resolve) => {
    const child = execFile(program, ["get"], { env, timeout: timeoutMs }, (error, out, err) => {
      if (error === null)
        return resolve(credentialsIn(out) ?? { trouble: `${program} did not answer with credentials` });
      if (NOT_FOUND.test(out + err)) return resolve({});
      const words = error.killed === true ? "no answer" : plainLine((err || out).trim().split("\n")[0] ?? "");
      resolve({ trouble: `${program} failed: ${words === "" ? plainLine(error.message) : words.slice(0, 200)}` });
    });
    // A helper that is missing, or ends without reading, breaks the pipe: its end tells why.
    child.stdin?.on("error", () => undefined).end(address);
  });
}

function credentialsIn(answer: string): Helped | undefined {
  try {
    const { Username: username, Secret: secret } = JSON.parse(answer) as { Username?: unknown; Secret?: unknown };
    if (typeof username !== "string" || typeof secret !== "string") return undefined;
    return username === TOKEN ? { identitytoken: secret } : { username, password: secret };
  } catch {
    return undefined;
  }
}
