import { FormationError } from "../../../../../../provider/core/values/errors";
import type { AgreedEngine } from "../../../../../../provider/engine/api-version";
import { stopContainer } from "../../../../../../provider/orchestrators/docker/container/stop";

const host = { name: "local", address: "unix:///var/run/docker.sock", explain: () => undefined };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("a paused process on Podman that was restarted before is stopped until it stays so", async () => {
  let paused = true;
  const calls: string[] = [];
  const act = async (_method: string, path: string) => {
    const call = path.split("/").at(-1) ?? "";
    calls.push(call);
    if (call === "unpause") paused = false;
    if (paused) throw new FormationError("EngineRefused", "it is paused");
  };
  // The engine starts it once more after its stop.
  const get = async () => ({
    Id: "0123456789abcdef",
    Config: {},
    State: { Status: paused ? "paused" : "running", Running: calls.length === 3 },
    RestartCount: 1,
  });
  const engine = { host, act, get, isPodman: async () => true } as unknown as AgreedEngine;
  const stopped = stopContainer(engine, (task) => task(), "0123456789abcdef", 0);
  await jest.advanceTimersByTimeAsync(10_000);
  await stopped;
  expect(calls).toEqual(["stop?t=0", "unpause", "stop?t=0", "stop?t=0"]);
});

test("the time of a stop counts from when the engine is asked, not from when it stands in line", async () => {
  const act = (_method: string, _path: string, { signal }: { readonly signal: AbortSignal }) =>
    signal.aborted ? Promise.reject(new Error("aborted")) : Promise.resolve();
  const engine = { host, act, isPodman: () => Promise.resolve(false) } as unknown as AgreedEngine;
  const line = async <T>(task: () => Promise<T>) => {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    return task();
  };
  const stopped = stopContainer(engine, line, "0123456789abcdef", 0).then(
    () => "stopped",
    (error: unknown) => String(error),
  );
  await jest.advanceTimersByTimeAsync(60_000);
  expect(await stopped).toBe("stopped");
});
