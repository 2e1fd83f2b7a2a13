import { Agent } from "node:http";
import type { Socket } from "node:net";
import type { RecordedHost } from "../core/state";

/** An engine's address and what it takes to get there, in the words of @pulumi/docker's provider arguments. */
export type HostEntry = Pick<
  RecordedHost,
  "name" | "host" | "caMaterial" | "certMaterial" | "keyMaterial" | "certPath" | "sshOpts"
>;

/** What an error of a connection means, and what to do about it. */
export interface Explanation {
  readonly reason: string;
  readonly hint: string;
  /** Whether it stays so whatever time passes. */
  readonly isLasting?: boolean;
}

/** How the bytes of HTTP get to an engine. */
export interface Transport {
  readonly agent: Agent;
  /** Makes what all connections need first, within a time of its own; a connection that finds it missing does so, too. */
  readonly ready: () => Promise<unknown>;
  /** An error in the transport's words, where it knows more than the error says. */
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
/** How long a connection is kept for the next call. */
const IDLE_MS = 5_000;

/** Keeps the connections that `open` makes: whatever address a request has, that decides where its bytes go. */
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
