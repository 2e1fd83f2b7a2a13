import { isLocal, isLoopback, reachableAddress } from "../../provider/core/values/addresses";
import type { HttpCheck } from "../../provider/core/inputs/process-type";
import type { Properties } from "../../provider/core/record/properties";
import type { Seen } from "../../provider/orchestrators/viewer";
import type { Observation } from "../observe/observe";

/** Time limit for an answer: Prometheus itself gives up after ten seconds. */
const PATIENCE_S = 5;

/** Requests `health.path` of running processes, because no engine does. @returns the containers that fail */
export function answerer(): (inputs: Properties, looks: readonly Observation[]) => Promise<ReadonlySet<string>> {
  let known: { readonly text: string; readonly checks: ReadonlyMap<string, HttpCheck> } | undefined;
  return async (inputs, looks) => {
    const processes = (inputs["processes"] ?? {}) as Readonly<Record<string, Declared>>;
    if (!Object.values(processes).some(({ health }) => health?.path !== undefined)) return new Set();
    const text = JSON.stringify([processes, inputs["procfile"]]);
    if (known?.text !== text) known = { text, checks: await checksOf(inputs) };
    const { checks } = known;
    const { httpFailure } = await import("../../provider/orchestrators/docker/container/http-check");
    const asked = looks.flatMap((look) => {
      if (look.kind === "lost") return [];
      return look.containers.map(async (container) => {
        const [check, address] = [checks.get(container.type), askedAt(container, look.viewer.address)];
        if (check === undefined || address === undefined || container.state !== "running") return [];
        const timeout = Math.min(check.timeout, PATIENCE_S);
        const failure = await httpFailure(address.host, address.port, { ...check, timeout });
        return failure === undefined ? [] : [container.container];
      });
    });
    return new Set((await Promise.all(asked)).flat());
  };
}

/** Address for requests to a process; `undefined` on the loopback of another machine. */
export function askedAt(
  { published }: Pick<Seen, "published">,
  engine: string,
): { readonly host: string; readonly port: number } | undefined {
  if (published === undefined || (isLoopback(published.address) && !isLocal(engine))) return undefined;
  return { host: reachableAddress(engine, published.address), port: published.port };
}

interface Declared {
  readonly health?: { readonly path?: unknown; readonly headers?: unknown };
}

/** Drops checks with a header whose value is a secret that is not decrypted here. */
function readable(processes: Readonly<Record<string, Declared>>): Readonly<Record<string, Declared>> {
  const isText = (value: unknown) => typeof value === "string";
  return Object.fromEntries(
    Object.entries(processes).map(([type, { health, ...own }]) => {
      const { headers = {} } = health ?? {};
      const isReadable = typeof headers === "object" && headers !== null && Object.values(headers).every(isText);
      return [type, isReadable && health !== undefined ? { ...own, health } : own];
    }),
  );
}

async function checksOf(inputs: Properties): Promise<ReadonlyMap<string, HttpCheck>> {
  const { parseDeclared } = await import("../../provider/lifecycle/declared");
  // Inputs that may be secret are left out: health checks do not depend on them.
  const { env: _env, hosts: _hosts, registryAuth: _auth, ...plain } = inputs;
  const processes = readable((inputs["processes"] ?? {}) as Readonly<Record<string, Declared>>);
  const parsed = parseDeclared({ ...plain, processes }, "app");
  if (parsed.kind !== "spec") return new Map();
  return new Map(parsed.spec.types.flatMap(({ name, http }) => (http === undefined ? [] : [[name, http] as const])));
}
