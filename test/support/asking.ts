import { KEY_VARIABLE } from "../../provider/core/model/environment";
import { identityOf } from "../../provider/core/values/identity";
import type { Query } from "../../provider/core/model/observed";

const KEY = "the key of a formation of the tests";

/** Label and key that make a container one of the tests' formation. */
export const OWN = { identity: identityOf(KEY), env: { [KEY_VARIABLE]: KEY } };

/** Environment with that key in the engine's form. */
export const OWN_ENV = Object.entries(OWN.env).map(([name, value]) => `${name}=${value}`);

/** Query of that formation to an engine; it remembers no containers. */
export function asking(app: string, more: Partial<Query> = {}): Query {
  return { owner: "contract/dev", identity: OWN.identity, apps: [app], known: new Set(), fixedPorts: [], ...more };
}
