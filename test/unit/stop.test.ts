import type { AgreedEngine } from "../../provider/hosts/api-version";
import { stopContainer } from "../../provider/hosts/stop";

const host = { name: "local", address: "unix:///var/run/docker.sock", explain: () => undefined };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

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
