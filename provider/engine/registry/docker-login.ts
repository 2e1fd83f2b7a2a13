import * as z from "zod";
import { optional } from "../../core/inputs/process-type";
import { plainLine } from "../../core/values/plain";
import { dockerConfig, dockerConfigFile } from "../connect/docker-config";
import { hostOf } from "./image-registry";

type Env = Readonly<Record<string, string | undefined>>;

const text = z.string().nullish();
const entry = z
  .object({ auth: text, username: text, password: text, identitytoken: text, registrytoken: text })
  .nullish();

/** The parts of the docker command's configuration that lead to credentials. */
const PARTS = {
  auths: z.record(z.string(), entry).nullish(),
  credHelpers: z.record(z.string(), text).nullish(),
  credsStore: text,
};

/** Credentials as `docker login` stores them without a helper. */
interface Stored {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/** Where `docker pull` finds the credentials for a registry. */
export interface Login {
  /** Name of the helper to ask. */
  readonly helper?: string;
  /** Credentials for when there is no helper, or it fails. */
  readonly stored: Stored;
  /** Faults of the configuration. */
  readonly troubles: readonly string[];
}

/** Reads the docker command's configuration. Like `docker pull`, it does without the parts of it that are broken. */
export function loginAt(key: string, env: Env): Login {
  const troubles: string[] = [];
  const file = plainLine(dockerConfigFile(env));
  const raw = rawConfig(env, troubles);
  const part = <Name extends keyof typeof PARTS>(name: Name): z.infer<(typeof PARTS)[Name]> => {
    const parsed = PARTS[name].safeParse(raw[name]);
    if (!parsed.success) troubles.push(`${name} in ${file} is not as docker login writes it`);
    return parsed.data as z.infer<(typeof PARTS)[Name]>;
  };
  const auths = part("auths") ?? {};
  const credHelpers = part("credHelpers") ?? {};
  const credsStore = part("credsStore");
  // Keys of old times are URLs.
  const stored = Object.hasOwn(auths, key)
    ? auths[key]
    : Object.entries(auths).find(([one]) => hostOf(one) === key)?.[1];
  const user = userIn(stored ?? {});
  if (user === undefined) troubles.push(`the auth for ${hostOf(key)} in ${file} is not as docker login writes it`);
  const helper = Object.hasOwn(credHelpers, key) ? credHelpers[key] : credsStore;
  return {
    ...optional("helper", helper || undefined),
    stored: {
      ...user,
      ...optional("identitytoken", stored?.identitytoken || undefined),
      ...optional("registrytoken", stored?.registrytoken || undefined),
    },
    troubles,
  };
}

function rawConfig(env: Env, troubles: string[]): Readonly<Record<string, unknown>> {
  try {
    return dockerConfig(env);
  } catch (error) {
    troubles.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}

/** Reads `user:password`, in base64 or as two fields. @returns nothing when it is neither */
function userIn({ auth, username, password }: NonNullable<z.infer<typeof entry>>): Stored | undefined {
  if (!auth) return username ? { username, password: password ?? "" } : {};
  const [user = "", ...rest] = Buffer.from(auth, "base64").toString("utf8").split(":");
  if (user === "" || rest.length === 0) return undefined;
  return { username: user, password: rest.join(":").replace(/^\0+|\0+$/g, "") };
}
