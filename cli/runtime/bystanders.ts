import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Answers } from "./answers";
import type { RecordedResource } from "../state";
import { Empty, plain, struct, type Properties } from "./grpc";
import { sealedLike } from "./seals";

/**
 * Stands in for every provider of a stack whose resources stay as they are: so no plugin is started, nor needs to be
 * there, and no credentials are asked for.
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
    // As it is recorded: only what is secret in it is not told.
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

/** Nothing but the target may be asked for: this is the last line of defence, which no call is known to reach. */
export function refuse(request: { readonly getUrn?: () => string }): never {
  throw new Error(
    `the formation command changes one Formation only, and neither creates nor deletes: ${request.getUrn?.() ?? ""}`,
  );
}
