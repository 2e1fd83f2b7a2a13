import {
  credentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { RegisterResourceOutputsRequest, type RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { CHANNEL, plain, struct, type Properties } from "./grpc";
import type { Job } from "./job";
import { registrationOf } from "./registration";

/** Called with the decrypted stack configuration, before any other call. */
type Configured = (config: ReadonlyMap<string, string>) => Promise<void>;

/** Called before the target's update; the function returned takes its outputs and answers new stack outputs, if any. */
export type StackOutputs = () => (target: Properties) => Promise<Properties | undefined>;

/** A language runtime whose program registers the recorded resources again. */
export function languageService(
  job: Job,
  configured: Configured,
  stackOutputs: StackOutputs,
): UntypedServiceImplementation {
  return {
    getRequiredPackages: (_: unknown, answer: sendUnaryData<messages.GetRequiredPackagesResponse>) => {
      // Naming the built-in package keeps Pulumi from taking versions of providers from elsewhere.
      const builtIn = new PackageDependency();
      builtIn.setKind("resource");
      builtIn.setName("pulumi");
      answer(null, new messages.GetRequiredPackagesResponse().setPackagesList([builtIn]));
    },
    getPluginInfo: (_: unknown, answer: sendUnaryData<PluginInfo>) => answer(null, new PluginInfo()),
    run: (
      { request }: ServerUnaryCall<messages.RunRequest, messages.RunResponse>,
      answer: sendUnaryData<messages.RunResponse>,
    ) => {
      const config = new Map(request.getConfigMap().toArray());
      void configured(config)
        .then(() => run(job, request.getMonitorAddress(), stackOutputs))
        .then(
          () => answer(null, new messages.RunResponse()),
          (error: unknown) => answer(null, failure(error)),
        );
    },
  };
}

/** Failure of the program, without a message for resources whose fault Pulumi has reported already. */
function failure(error: unknown): messages.RunResponse {
  const response = new messages.RunResponse();
  if (error instanceof Error && "details" in error) return response.setBail(true);
  return response.setError(error instanceof Error ? error.message : String(error));
}

const STACK = "pulumi:pulumi:Stack";

async function run(job: Job, address: string, stackOutputs: StackOutputs): Promise<void> {
  const monitor = new ResourceMonitorClient(address, credentials.createInsecure(), CHANNEL);
  const outputsAfter = stackOutputs();
  try {
    let stack = "";
    for (const resource of job.resources) {
      const request = registrationOf(resource, job.folder);
      const answer = await new Promise<RegisterResourceResponse>((resolve, reject) =>
        monitor.registerResource(request, (error, value) => (error === null ? resolve(value) : reject(error))),
      );
      if (resource.type === STACK) stack = answer.getUrn();
      if (resource.urn !== job.target) continue;
      const outputs = await outputsAfter(plain(answer.getObject()));
      if (outputs !== undefined) await putOut(monitor, stack, outputs);
    }
  } finally {
    monitor.close();
  }
}

function putOut(monitor: ResourceMonitorClient, stack: string, outputs: Properties): Promise<void> {
  const request = new RegisterResourceOutputsRequest();
  request.setUrn(stack);
  request.setOutputs(struct(outputs));
  return new Promise((resolve, reject) =>
    monitor.registerResourceOutputs(request, (error) => (error === null ? resolve() : reject(error))),
  );
}
