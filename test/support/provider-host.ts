import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "./provider";

/** State that Pulumi would record of a hook that failed in the middle. */
export interface InitFailure {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

type Answer<T> = (error: ServiceError | null, answer: T) => void;

/** Milliseconds after which an answer never comes, because something in it could not be sent. */
const PATIENCE = 60_000;

/** Pulumi's own process for dynamic providers, called as Pulumi's engine calls it. */
export class ProviderHost {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  static async start(): Promise<ProviderHost> {
    const program = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const child = spawn(process.execPath, [program, "127.0.0.1:1"], {
      cwd: join(__dirname, "../.."),
      stdio: ["pipe", "pipe", "ignore"],
    });
    const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const configuration = new messages.ConfigureRequest();
    configuration.setArgs(struct({}));
    await ask((answer) => client.configure(configuration, new Metadata(), deadline(), answer));
    return new ProviderHost(child, client);
  }

  close(): void {
    this.client.close();
    this.process.kill();
  }

  async check(olds: Properties, news: Properties) {
    const request = new messages.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = await ask<messages.CheckResponse>((done) =>
      this.client.check(request, new Metadata(), deadline(), done),
    );
    const failures = answer.getFailuresList().map((one) => [one.getProperty(), one.getReason()]);
    return { inputs: plain(answer.getInputs()), failures };
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<boolean> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = await ask<messages.DiffResponse>((done) =>
      this.client.diff(request, new Metadata(), deadline(), done),
    );
    // Any other answer would make Pulumi compare by itself, and show values that are to stay hidden.
    expect(answer.getChanges()).not.toBe(messages.DiffResponse.DiffChanges.DIFF_UNKNOWN);
    expect(answer.getDeletebeforereplace()).toBe(true);
    return answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME;
  }

  async create(inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(inputs));
    const answer = await ask<messages.CreateResponse>((done) =>
      this.client.create(request, new Metadata(), deadline(), done),
    );
    return { id: answer.getId(), outputs: plain(answer.getProperties()) };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = await ask<messages.UpdateResponse>((done) =>
      this.client.update(request, new Metadata(), deadline(), done),
    );
    return plain(answer.getProperties());
  }

  async read(id: string, outputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(struct(outputs));
    const answer = await ask<messages.ReadResponse>((done) =>
      this.client.read(request, new Metadata(), deadline(), done),
    );
    return { id: answer.getId(), outputs: plain(answer.getProperties()) };
  }

  async delete(id: string, outputs: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(outputs));
    await ask((done) => this.client.delete(request, new Metadata(), deadline(), done));
  }
}

/** Reads the state that came with an error, if the resource exists in spite of it. */
export function initFailureOf(error: unknown): InitFailure | undefined {
  const [bytes] = (error as { metadata?: Metadata }).metadata?.get("grpc-status-details-bin") ?? [];
  if (bytes === undefined) return undefined;
  const [detail] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
  const failure = detail?.unpack(
    (data) => messages.ErrorResourceInitFailed.deserializeBinary(data),
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (failure === undefined || failure === null) return undefined;
  return { id: failure.getId(), properties: plain(failure.getProperties()), reasons: failure.getReasonsList() };
}

const deadline = () => ({ deadline: Date.now() + PATIENCE });

function ask<T>(call: (answer: Answer<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, answer) => (error === null ? resolve(answer) : reject(error))));
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

function plain(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}
