import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

export type Say = (text: string, options?: { readonly warning?: boolean; readonly ephemeral?: boolean }) => void;

let client: EngineClient | undefined;

/**
 * Writes to the resource's own row of Pulumi's display. The address of the engine is the last argument of the process
 * that hosts dynamic providers; without one (in a test) nothing is written.
 */
export function engineLog(urn: string, address: string | undefined): Say {
  return (text, options = {}) => {
    if (address === undefined || urn === "") return;
    client ??= new EngineClient(address, credentials.createInsecure());
    const request = new LogRequest();
    request.setSeverity(options.warning === true ? LogSeverity.WARNING : LogSeverity.INFO);
    request.setUrn(urn);
    request.setMessage(text);
    request.setEphemeral(options.ephemeral === true);
    // A message that cannot be shown must not fail the update.
    client.log(request, () => undefined);
  };
}
