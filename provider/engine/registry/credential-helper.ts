import { execFile, type ExecFileException } from "node:child_process";
import { plainLine } from "../../core/values/plain";

type Env = Readonly<Record<string, string | undefined>>;

/** Words with which helpers say that they have no credentials for a registry. */
const NOT_FOUND = /credentials not found/i;
/** User name that helpers give where the secret is an identity token. */
const TOKEN = "<token>";
/** Sign of an answer, or of a part of one, which must not be shown. */
const ANSWER = /["']?secret["']?\s*[:=]/i;
const LONGEST_WORDS = 200;

/** Answer of a credential helper: a registry's credentials, none, or in `trouble` the reason why it gave no answer. */
export type Helped =
  | { readonly kind: "user"; readonly username: string; readonly password: string }
  | { readonly kind: "token"; readonly identitytoken: string }
  | { readonly kind: "none" }
  | { readonly kind: "failed"; readonly trouble: string };

export function helperProgram(name: string): string {
  return plainLine(`docker-credential-${name}`);
}

/**
 * Asks a credential helper of Docker (`docker-credential-<name> get`) for a registry's credentials.
 *
 * @param address as `docker login` stores it; for Docker Hub `https://index.docker.io/v1/`
 */
export function askHelper(name: string, address: string, env: Env, timeoutMs: number): Promise<Helped> {
  const program = helperProgram(name);
  const failed = (words: string): Helped => ({ kind: "failed", trouble: `${program} ${words}` });
  if (!/^[\w.-]+$/.test(name)) return Promise.resolve(failed("is no name of a helper"));
  return new Promise((resolve) => {
    // A helper that waits for a person may hold out against SIGTERM.
    const options = { env, timeout: timeoutMs, killSignal: "SIGKILL" } as const;
    const child = execFile(program, ["get"], options, (error, out, err) => {
      if (error === null) return resolve(credentialsIn(out) ?? failed("did not answer with credentials"));
      if (NOT_FOUND.test(out + err)) return resolve({ kind: "none" });
      resolve(failed(reasonOf(error, out, err, timeoutMs)));
    });
    // A helper that is missing, or ends without reading, breaks the pipe: its end tells why.
    child.stdin?.on("error", () => undefined).end(address);
  });
}

function reasonOf(error: ExecFileException, out: string, err: string, timeoutMs: number): string {
  if (error.code === "ENOENT") return "is not on the PATH";
  if (error.killed === true) return `gave no answer in ${timeoutMs / 1000} s`;
  // Helpers write their errors where answers go.
  const line = ANSWER.test(out + err) ? "" : plainLine((err.trim() || out.trim()).split("\n")[0] ?? "");
  if (line !== "") return `failed: ${line.slice(0, LONGEST_WORDS)}`;
  return `failed: ${typeof error.code === "number" ? `exit code ${error.code}` : String(error.code ?? error.signal)}`;
}

function credentialsIn(answer: string): Helped | undefined {
  try {
    const { Username: username, Secret: secret } = JSON.parse(answer) as { Username?: unknown; Secret?: unknown };
    if (typeof username !== "string" || typeof secret !== "string") return undefined;
    if (username === TOKEN) return { kind: "token", identitytoken: secret };
    return username === "" && secret === "" ? { kind: "none" } : { kind: "user", username, password: secret };
  } catch {
    return undefined;
  }
}
