import { digest } from "../values/digest";
import { containsUnknown, type Maybe } from "../values/unknown";

type Env = Readonly<Record<string, Maybe<string>>>;

/** Variables that a process on a Docker host gets as files. */
export interface SecretFiles {
  /** The folder's name on the host: other values are another folder, and its name tells nobody the values. */
  readonly folder: string;
  readonly values: Env;
}

/** The folder of the files in every container, as on a Swarm. */
export const SECRETS_FOLDER = "/run/secrets";

export function secretPath(variable: string): string {
  return `${SECRETS_FOLDER}/${variable}`;
}

/** Splits an environment into the variables that stay, with the paths of files beside them, and the files. */
export function splitFiles(
  env: Env,
  names: readonly string[],
  key: string,
): { readonly env: Env; readonly files: SecretFiles | undefined } {
  const isFile = ([name]: readonly [string, unknown]) => names.includes(name);
  const all = Object.entries(env);
  const values = Object.fromEntries(all.filter(isFile));
  const given = Object.keys(values);
  if (given.length === 0) return { env, files: undefined };
  return {
    env: Object.fromEntries([
      ...all.filter((entry) => !isFile(entry)),
      ...given.map((name): [string, string] => [`${name}_FILE`, secretPath(name)]),
    ]),
    files: { folder: containsUnknown(values) ? "unknown" : digest(values, key), values },
  };
}
