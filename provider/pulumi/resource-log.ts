import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import type * as Grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { plainText } from "../core/values/plain";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Pulumi's own copy of grpc-js: its client takes the credentials of no other. */
const { credentials } = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js") as typeof Grpc;

export type Say = (text: string, options?: { readonly warning?: boolean; readonly ephemeral?: boolean }) => void;

let client: EngineClient | undefined;
const underWay = new Set<Promise<void>>();
/** Longest wait for Pulumi's engine to take messages, in milliseconds: it must not hold up the work. */
const PATIENCE = 2_000;

/** Waits until all messages have arrived: the last ones would otherwise be lost with a run that ends at once. */
export async function delivered(): Promise<void> {
  if (underWay.size === 0) return;
  const given = new AbortController();
  const enough = delay(PATIENCE, undefined, { signal: given.signal, ref: false }).catch(() => undefined);
  await Promise.race([Promise.all(underWay), enough]);
  given.abort();
}

/**
 * Writes to the resource's own row of Pulumi's display. Without the address of Pulumi's engine, as in tests, nothing is
 * written.
 */
export function resourceLog(urn: string, address: string | undefined): Say {
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
