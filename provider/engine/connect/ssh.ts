import { connect } from "node:net";
import type { SshAddress, Tunnel } from "./ssh-tunnel";
import { NoConnection, overSockets, settled, type Explanation, type HostEntry, type Transport } from "./transport";

/** Connects through the user's own ssh with its configuration and agent, over one connection at a time. */
export function sshTransport(address: SshAddress, { sshOpts = [] }: HostEntry): Transport {
  const destination = `${address.user === undefined ? "" : `${address.user}@`}${address.hostname}`;
  let tunnel: Promise<Tunnel> | undefined;
  let lastWords: string | undefined;
  const opened = (): Promise<Tunnel> => {
    tunnel ??= open();
    return tunnel;
  };
  const open = (): Promise<Tunnel> => {
    const forget = (words: string) => {
      lastWords = words;
      if (tunnel === opening) tunnel = undefined;
    };
    const opening = begin(address, sshOpts).then(
      (made) => {
        lastWords = undefined;
        void made.ended.then(forget);
        return made;
      },
      (error: unknown) => {
        const words = (error as Error).message;
        forget(words);
        throw new NoConnection(words, hintFor(words, destination), /host key|cannot be started/i.test(words));
      },
    );
    return opening;
  };
  return {
    agent: overSockets(async () => settled(connect((await opened()).socketPath), "connect")),
    ready: opened,
    explain: (error) => explainSsh(error, address, destination, lastWords),
    close: () => void tunnel?.then(({ close }) => close()).catch(() => undefined),
  };
}

/** Loads ssh only when needed, because loading takes longer than observing a local engine. */
async function begin(address: SshAddress, sshOpts: readonly string[]): Promise<Tunnel> {
  const { openTunnel } = await import("./ssh-tunnel");
  return openTunnel(address, sshOpts);
}

function hintFor(words: string, destination: string): string {
  if (process.platform === "win32") return "use tcp:// with TLS, or run pulumi in WSL";
  if (/host key/i.test(words)) return `check its key, and have it added to known_hosts: ssh ${destination}`;
  return `try: ssh -o BatchMode=yes ${destination} docker version`;
}

/** Explains a channel that ssh closed without a word because nothing answers at its other end. */
function explainSsh(
  error: unknown,
  { socketPath }: SshAddress,
  destination: string,
  lastWords: string | undefined,
): Explanation | undefined {
  const { code = "" } = error as { readonly code?: string };
  if (!["ECONNRESET", "EPIPE", "ENOENT", "ECONNREFUSED"].includes(code)) return undefined;
  const hint = `try: ssh -o BatchMode=yes ${destination} docker version`;
  if (lastWords !== undefined) return { reason: `the ssh connection has ended: ${lastWords}`, hint };
  return { reason: `ssh gets there, but no engine answers at ${socketPath}, or it may not be used by you`, hint };
}
