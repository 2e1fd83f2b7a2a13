import type { Terminal } from "../../provider/orchestrators/docker/container/attached";

const SIGNALS = { SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGTERM" } as const;

/** Terminal or pipes of this process. */
export function ownTerminal(tty: boolean): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    input: stdin,
    output: stdout,
    errors: stderr,
    tty,
    sized: (resize) => {
      const tell = () => resize(stdout.columns, stdout.rows);
      // From here on every key goes to the process, including Ctrl-C.
      stdin.setRawMode(true);
      stdout.on("resize", tell);
      tell();
      return () => {
        stdout.off("resize", tell);
        stdin.setRawMode(false);
      };
    },
    signalled: (send) => {
      const handlers = Object.entries(SIGNALS).map(([name, signal]) => [name, () => send(signal)] as const);
      for (const [name, handler] of handlers) process.on(name, handler);
      // A closed terminal or pipe means that the session has ended: the process ends with it.
      let isOver = false;
      const over = () => {
        if (!isOver) send("SIGTERM");
        isOver = true;
      };
      for (const stream of [stdin, stdout, stderr]) stream.on("error", over);
      return () => {
        for (const [name, handler] of handlers) process.off(name, handler);
        for (const stream of [stdin, stdout, stderr]) stream.off("error", over);
      };
    },
  };
}
