import { Agent } from "node:http";
import type { Socket } from "node:net";
import type { RecordedHost } from "../../core/record/state";

/** An engine's address and the credentials for it, named as in @pulumi/docker's provider arguments. */
export type HostEntry = Pick<
  RecordedHost,
  "name" | "host" | "caMaterial" | "certMaterial" | "keyMaterial" | "certPath" | "sshOpts"
>;

/** The meaning of a connection's error, and a hint how to remedy it. */
export interface Explanation {
  readonly reason: string;
  readonly hint: string;
  /** True when waiting does not help. */
  readonly isLasting?: boolean;
}

/** Carries HTTP to an engine. */
export interface Transport {
  readonly agent: Agent;
  /** Prepares what all connections share, within a time of its own; a connection prepares it too if it is missing. */
  readonly ready: () => Promise<unknown>;
  /** Explains an error of which the transport knows more than the error itself says. */
  readonly explain: (error: unknown) => Explanation | undefined;
  readonly close: () => void;
}

/** Thrown when there is no connection. */
export class NoConnection extends Error implements Explanation {
  constructor(
    readonly reason: string,
    readonly hint: string,
    readonly isLasting = true,
  ) {
    super(reason);
  }
}

const CONNECT_SECONDS = 5;
/** An idle connection stays open this long for the next call. */
const IDLE_MS = 5_000;

/** Keeps the connections that `open` makes; the address of a request is ignored. */
export function overSockets(open: () => Promise<Socket>): Agent {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  agent.createConnection = (_options, done) => {
    open().then(
      (socket) => done?.(null, socket),
      (error: unknown) => (done as ((error: unknown) => void) | undefined)?.(error),
    );
    return undefined;
  };
  return agent;
}

/** @throws when the connection fails, or takes too long */
export function settled<S extends Socket>(socket: S, event: "connect" | "secureConnect"): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(new Error(`no connection within ${CONNECT_SECONDS} s`)),
      CONNECT_SECONDS * 1000,
    );
    socket.once("error", fail).once(event, () => {
      clearTimeout(timer);
      socket.off("error", fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
