import type { ServerResponse } from "node:http";
import { explain } from "../../provider/core/values/errors";
import type { Collector } from "../metrics/collector";
import { modelOf } from "./model";

const LOOK_EVERY_MS = 1_000;
/** Interval of keep-alive messages: a page behind a dead connection must not go on saying live. */
const SILENCE_MS = 10_000;

/** Observes the app while a page is open, and sends every change to all pages. */
export function eventStream(source: Collector): (response: ServerResponse) => void {
  const watchers = new Set<ServerResponse>();
  let last = "";
  let saidAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const text = await message(source);
    const isNews = text !== last;
    const isDue = performance.now() - saidAt > SILENCE_MS;
    if (isNews || isDue) saidAt = performance.now();
    if (isNews || isDue) for (const one of watchers) one.write(isNews ? text : "event: alive\ndata: 1\n\n");
    last = text;
    timer = watchers.size === 0 ? undefined : setTimeout(() => void look(), LOOK_EVERY_MS);
  };
  return (response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(last === "" ? ": hello\n\n" : last);
    watchers.add(response);
    response.on("close", () => watchers.delete(response));
    timer ??= setTimeout(() => void look(), 0);
  };
}

async function message(source: Collector): Promise<string> {
  try {
    return `event: formation\ndata: ${JSON.stringify(modelOf(await source()))}\n\n`;
  } catch (error) {
    return `event: failure\ndata: ${JSON.stringify(explain(error))}\n\n`;
  }
}
