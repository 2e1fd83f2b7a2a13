import { Agent, request } from "node:http";
import { engineSocket } from "../test/support/engine-proxy";

const agent = new Agent({ keepAlive: true });

/** Calls the engine, with as little around the call as there can be. @throws on any status that is not success */
export function call(method: string, path: string, body?: unknown, socketPath = engineSocket()): Promise<string> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers =
    text === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, agent, method, path, headers }, (answer) => {
      let said = "";
      answer.setEncoding("utf8").on("data", (data: string) => (said += data));
      answer.on("error", reject).on("end", () => {
        const status = answer.statusCode ?? 0;
        if (status < 400) resolve(said);
        else reject(new Error(`${method} ${path}: ${status} ${said.trim()}`));
      });
    });
    asked.on("error", reject).end(text);
  });
}

/** Does a piece of work for each item, for `atOnce` items at a time. */
export async function forEach<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Removes all containers that carry a label, running or not. */
export async function removeLabelled(label: string, socketPath?: string): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const found = await call("GET", `/containers/json?all=1&filters=${filters}`, undefined, socketPath);
  await forEach(JSON.parse(found) as { Id: string }[], 8, ({ Id }) =>
    call("DELETE", `/containers/${Id}?force=1&v=1`, undefined, socketPath),
  );
}
