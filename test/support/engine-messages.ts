import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

export interface EngineMessage {
  readonly urn: string;
  readonly text: string;
  readonly isWarning: boolean;
  /** True for live progress, which leaves no trace in the display. */
  readonly isEphemeral: boolean;
}

/** Listens in the place of Pulumi's engine to a provider's messages. */
export class EngineMessages {
  readonly all: EngineMessage[] = [];

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async listen(): Promise<EngineMessages> {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    const messages = new EngineMessages(server, `127.0.0.1:${port}`);
    server.addService(EngineService, {
      log({ request }: ServerUnaryCall<LogRequest, Empty>, answer: sendUnaryData<Empty>) {
        messages.all.push({
          urn: request.getUrn(),
          text: request.getMessage(),
          isEphemeral: request.getEphemeral(),
          isWarning: request.getSeverity() === LogSeverity.WARNING,
        });
        answer(null, new Empty());
      },
    });
    return messages;
  }

  /** Takes the lasting messages since the last call. */
  take(): string {
    const lasting = this.all.filter(({ isEphemeral }) => !isEphemeral).map(({ text }) => text);
    this.all.length = 0;
    return lasting.join("\n");
  }

  close(): void {
    this.server.forceShutdown();
  }
}
