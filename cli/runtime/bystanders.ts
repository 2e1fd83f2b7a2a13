import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Answers } from "./answers";
import type { RecordedResource } from "../state/checkpoint";
import { Empty, plain, struct, type Properties } from "./grpc";
import { sealedLike } from "./seals";

/**
 * Stands in for every provider whose resources stay as they are, so that no plugin is started or has to be installed,
 * and no credentials are needed.
 */
export function bystanders(answers: Answers, resources: readonly RecordedResource[]): UntypedServiceImplementation {
  const inputsOf = (urn: string) => resources.find((one) => one.urn === urn)?.inputs;
  const { DIFF_NONE } = messages.DiffResponse.DiffChanges;
  return {
    getPluginInfo: answers.by(() => new PluginInfo()),
    parameterize: answers.by((request: messages.ParameterizeRequest) => {
      const value = request.getValue();
      return new messages.ParameterizeResponse().setName(value?.getName() ?? "").setVersion(value?.getVersion() ?? "");
    }),
    // Answers with the old inputs, which Pulumi sends without marks of secrets: these come from the recorded ones.
    checkConfig: answers.by((request: messages.CheckRequest) => {
      const olds = plain(request.getOlds());
      return new messages.CheckResponse().setInputs(struct(sealedLike(olds, inputsOf(request.getUrn())) as Properties));
    }),
    diffConfig: answers.by(() => new messages.DiffResponse().setChanges(DIFF_NONE)),
    configure: answers.by(() => new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
    cancel: answers.by(() => new Empty()),
    check: answers.by(refuse),
    diff: answers.by(refuse),
    create: answers.by(refuse),
    update: answers.by(refuse),
    delete: answers.by(refuse),
  };
}

/** Refuses changes to other resources than the target: a last line of defence that no known call reaches. */
export function refuse(request: { readonly getUrn?: () => string }): never {
  throw new Error(
    `the formation command changes one Formation only, and neither creates nor deletes: ${request.getUrn?.() ?? ""}`,
  );
}
