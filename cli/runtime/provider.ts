import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Unfinished, type Answers, type Handler } from "./answers";
import { bystanders, refuse } from "./bystanders";
import { Empty, plain, struct, type Properties } from "./grpc";
import type { Job } from "./job";
import { opened, sealedLike } from "./seals";

/** The hooks of a dynamic provider that the update of an existing resource needs. */
export interface Hooks {
  readonly check: (
    olds: Properties,
    news: Properties,
  ) => Promise<{ readonly inputs: Properties; readonly failures: readonly { property: string; reason: string }[] }>;
  readonly diff: (id: string, olds: Properties, news: Properties) => Promise<{ readonly changes: boolean }>;
  readonly update: (id: string, olds: Properties, news: Properties) => Promise<{ readonly outs: Properties }>;
}

/**
 * Serves every provider of the stack: hooks for the target, stand-ins for all others.
 *
 * @param engineAt called with the address of Pulumi's engine
 */
export function providerService(
  answers: Answers,
  { target, resources }: Pick<Job, "target" | "resources">,
  hooks: Hooks,
  engineAt: (address: string) => void,
): UntypedServiceImplementation {
  const ours = <Q extends { getUrn: () => string }, A>(handle: Handler<Q, A>) =>
    answers.by<Q, A>((request) => (request.getUrn() === target ? handle(request) : refuse(request)));
  return {
    ...bystanders(answers, resources),
    handshake: answers.by((request: messages.ProviderHandshakeRequest) => {
      engineAt(request.getEngineAddress());
      return new messages.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: answers.by((request: PluginAttach) => {
      engineAt(request.getAddress());
      return new Empty();
    }),
    check: ours((request: messages.CheckRequest) => check(hooks, request)),
    diff: ours((request: messages.DiffRequest) => diff(hooks, request)),
    update: ours((request: messages.UpdateRequest) => update(hooks, request)),
  };
}

const clear = (properties: Properties): Properties => opened(properties) as Properties;
const wire = (properties: Properties, ...models: readonly Properties[]) =>
  struct(sealedLike(properties, ...models) as Properties);

/** The property of dynamic resources that holds their provider; empty for others. */
const providerIn = ({ __provider }: Properties): Properties => (__provider === undefined ? {} : { __provider });

/** Checks the recorded inputs, because the registration only says that the resource is still there. */
async function check(hooks: Hooks, request: messages.CheckRequest): Promise<messages.CheckResponse> {
  const [olds, news] = [plain(request.getOlds()), plain(request.getNews())];
  const answer = new messages.CheckResponse();
  if (Object.keys(olds).length === 0) {
    const reason = "Pulumi would replace the formation, or create it anew: run pulumi up, which shows what it would do";
    return answer.setInputs(request.getNews()).setFailuresList([new messages.CheckFailure().setReason(reason)]);
  }
  const before = clear(olds);
  // The URN comes from the request: the recorded one is out of date in a renamed stack.
  const { inputs, failures } = await hooks.check(before, { ...before, ...providerIn(news), __urn: request.getUrn() });
  answer.setInputs(wire({ ...inputs, ...providerIn(news) }, olds));
  answer.setFailuresList(
    failures.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason)),
  );
  return answer;
}

async function diff(hooks: Hooks, request: messages.DiffRequest): Promise<messages.DiffResponse> {
  const [olds, news] = [plain(request.getOlds()), plain(request.getNews())];
  const { changes } = await hooks.diff(request.getId(), clear(olds), clear(news));
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse().setChanges(changes ? DIFF_SOME : DIFF_NONE).setDeletebeforereplace(true);
}

/** Updates the target; outputs are secret where the inputs or the old outputs are. */
async function update(hooks: Hooks, request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
  const [id, olds, news] = [request.getId(), plain(request.getOlds()), plain(request.getNews())];
  try {
    const { outs } = await hooks.update(id, clear(olds), clear(news));
    return new messages.UpdateResponse().setProperties(wire({ ...outs, ...providerIn(news) }, olds, news));
  } catch (error) {
    const { message, properties, reasons = [] } = error as Partial<Unfinished> & Error;
    if (properties === undefined) throw error;
    const sealed = sealedLike({ ...properties, ...providerIn(news) }, olds, news) as Properties;
    throw new Unfinished(id, sealed, reasons, message);
  }
}
