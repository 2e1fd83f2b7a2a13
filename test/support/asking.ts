import { KEY_VARIABLE } from "../../provider/core/environment";
import { identityOf } from "../../provider/core/identity";
import type { Query } from "../../provider/core/observed";

const KEY = "the key of a formation of the tests";

/** What makes a container one of the tests' formation: its label, and the proof of it. */
export const OWN = { identity: identityOf(KEY), env: { [KEY_VARIABLE]: KEY } };

/** The same environment as an engine has it. */
export const OWN_ENV = Object.entries(OWN.env).map(([name, value]) => `${name}=${value}`);

/** What that formation asks an engine for; it remembers nothing. */
export function asking(app: string, more: Partial<Query> = {}): Query {
  return { owner: "contract/dev", identity: OWN.identity, apps: [app], known: new Set(), fixedPorts: [], ...more };
}
