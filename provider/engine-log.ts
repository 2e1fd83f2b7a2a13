import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import type * as Grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { plainText } from "./core/plain";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Of Pulumi's own copy: its client takes the credentials of no other. */
const { credentials } = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js") as typeof Grpc;

export type Say = (text: string, options?: { readonly warning?: boolean; readonly ephemeral?: boolean }) => void;

let client: EngineClient | undefined;
const underWay = new Set<Promise<void>>();
/** An engine that does not take messages must not hold up the work. In milliseconds. */
const PATIENCE = 2_000;

/** Returns when all that was said has arrived: what is said last would else be lost with a run that ends at once. */
export async function delivered(): Promise<void> {
  if (underWay.size === 0) return;
  const given = new AbortController();
  const enough = delay(PATIENCE, undefined, { signal: given.signal, ref: false }).catch(() => undefined);
  await Promise.race([Promise.all(underWay), enough]);
  given.abort();
}

/**
 * Writes to the resource's own row of Pulumi's display. The address of the engine is the last argument of the process
 * that hosts dynamic providers; without one (in a test) nothing is written.
 */
export function engineLog(urn: string, address: string | undefined): Say {
  return (text, options = {}) => {
    if (address === undefined || urn === "") return;
    const request = new LogRequest();
    request.setSeverity(options.warning === true ? LogSeverity.WARNING : LogSeverity.INFO);
    request.setUrn(urn);
    request.setMessage(plainText(text));
    request.setEphemeral(options.ephemeral === true);
    // A message that cannot be shown must not fail the update, in whatever way it fails.
    const sent = sending(address, request).catch(() => undefined);
    underWay.add(sent);
    void sent.then(() => underWay.delete(sent));
  };
}

async function sending(address: string, request: LogRequest): Promise<void> {
  const engine = (client ??= new EngineClient(address, credentials.createInsecure()));
  await new Promise<void>((resolve) => engine.log(request, () => resolve()));
}
