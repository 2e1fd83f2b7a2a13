import "./compile-cache";
import "../../provider/pulumi/uncompiled-shapes"; // before any shape is made
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as hooks from "../../provider/pulumi/dynamic";
import { Answers } from "./answers";
import { CHANNEL } from "./grpc";
import type { Job } from "./job";
import { languageService } from "./language";
import { providerService } from "./provider";
import { recordedOutputs } from "./recorded-outputs";

// Runs in a process of its own, so that an update goes on to its end when the command is killed. It runs Pulumi, stands
// in for the program and for every provider, and ends with Pulumi's exit code.

async function main(): Promise<void> {
  const job = await readJob();
  Object.assign(process.env, job.env);
  const engine = hooks.attached();
  const answers = new Answers();
  const server = new Server(CHANNEL);
  server.addService(
    LanguageRuntimeService,
    languageService(
      job,
      (config) =>
        hooks.configure({ config: { get: (key) => config.get(key.includes(":") ? key : `${job.project}:${key}`) } }),
      recordedOutputs(job),
    ),
  );
  server.addService(ResourceProviderService, providerService(answers, job, hooks, engine.at));
  const port = await listen(server);
  const child = spawn(job.command, [...job.args, "--client", `127.0.0.1:${port}`], {
    cwd: job.folder,
    env: { ...process.env, ...attachedTo(port, job.bystanders) },
    // The last pipe closes when every process that may still change something has ended.
    stdio: ["ignore", "inherit", "inherit", 3],
  });
  const [code] = (await once(child, "close")) as [number | null];
  engine.gone();
  await answers.given();
  process.exit(code ?? 1);
}

async function readJob(): Promise<Job> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  // Without a job the command found nothing to do, or was killed.
  if (chunks.length === 0) process.exit(0);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Job;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
}

/** Makes Pulumi call this process instead of starting plugins, so that none has to be installed. */
function attachedTo(port: number, plugins: readonly string[]): Readonly<Record<string, string>> {
  return {
    PULUMI_DEBUG_PROVIDERS: plugins.map((name) => `${name}:${port}`).join(","),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
