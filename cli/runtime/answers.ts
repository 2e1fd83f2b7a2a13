import {
  Metadata,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any, struct, type Properties } from "./grpc";

/** Handler of one kind of call. */
export type Handler<Q, A> = (request: Q) => Promise<A> | A;

type Method = UntypedServiceImplementation[string];

/** Answers calls with the results or errors of handlers, and tracks the answers that are still due. */
export class Answers {
  readonly #underWay = new Set<Promise<unknown>>();

  by<Q, A>(handle: Handler<Q, A>): Method {
    return ({ request }: ServerUnaryCall<Q, A>, answer: sendUnaryData<A>) => {
      const work = Promise.resolve()
        .then(() => handle(request))
        .then(
          (value) => answer(null, value),
          (error: unknown) => answer(failure(error), null),
        );
      this.#underWay.add(work);
      void work.then(() => this.#underWay.delete(work));
    };
  }

  /** Resolves when all calls are answered. */
  given(): Promise<unknown> {
    return Promise.all(this.#underWay);
  }
}

/** An incomplete update; `properties` are the actual outputs, in Pulumi's wire form. */
export class Unfinished extends Error {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    readonly reasons: readonly string[],
    message: string,
  ) {
    super(message);
  }
}

function failure(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Unfinished)) return { code: status.UNKNOWN, details: message };
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(struct(error.properties));
  detail.setReasonsList([...error.reasons]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(message);
  answer.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}
