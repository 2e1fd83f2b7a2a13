import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { commandLine } from "../processes";
import type { Capsule } from "./capsule";
import { until } from "./run";

// Kills all processes but itself and the capsule's own; a container's docker-init ends with what it has started.
const KILL_ALL = `for one in /proc/[0-9]*; do
  read -r name < "$one/comm"
  case "$name" in docker-init|cat) ;; *) [ "$one" = /proc/$$ ] || all="$all \${one#/proc/}";; esac
done
kill -KILL $all`;

/** Engine of a rig: a dockerd with everything of its own. */
export class Dockerd {
  readonly socket: string;
  readonly docker: Docker;
  readonly #pidFile: string;

  constructor(
    readonly capsule: Capsule,
    readonly folder: string,
    readonly options: readonly string[],
    /** Folder of the engine's programs; the machine's own without one. */
    readonly programs?: string,
  ) {
    this.socket = join(folder, "d.sock");
    // Every field is given, because dockerode takes missing ones from DOCKER_HOST.
    const address = { socketPath: this.socket, host: undefined, port: undefined, protocol: "http" as const };
    this.docker = new Docker(address);
    this.#pidFile = join(folder, "d.pid");
  }

  async start(): Promise<void> {
    // A killed dockerd leaves these files behind, and its process id may be in use again.
    for (const file of [this.#pidFile, this.socket]) rmSync(file, { force: true });
    const log = join(this.folder, "dockerd.log");
    const own = ["--data-root", join(this.folder, "data"), "--exec-root", join(this.folder, "exec")];
    const files = [...own, "--pidfile", this.#pidFile, "--host", `unix://${this.socket}`];
    const path = [...(this.programs === undefined ? [] : [this.programs]), process.env["PATH"]].join(":");
    await this.capsule.start(log, "env", `PATH=${path}`, "dockerd", ...files, ...this.options);
    const answers = () => this.docker.ping().then(Boolean, () => false);
    await until("dockerd answers", 60, answers).catch((error: unknown) => {
      const tail = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-10).join("\n") : "";
      throw new Error(`${String(error)}\n${tail}`);
    });
  }

  /** @returns when the process is gone, for a signal that ends it */
  async signal(signal: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    process.kill(pid, signal);
    if (signal === "SIGTERM" || signal === "SIGKILL") {
      await until(`dockerd ends at ${signal}`, 30, () => this.#pid() === undefined);
    }
  }

  /** Kills the dockerd and all that it runs, at once. */
  async powerOff(): Promise<void> {
    await this.capsule.start(join(this.folder, "dockerd.log"), "sh", "-c", KILL_ALL);
    await until("dockerd is gone with all the rest", 10, () => this.#pid() === undefined);
  }

  /** Process id as this process has it; the file holds the id within the capsule. */
  #pid(): number | undefined {
    const pid = readdirSync("/proc").find((name) => {
      const [program, ...args] = /^\d+$/.test(name) ? commandLine(name) : [];
      return program === "dockerd" && args.includes(this.#pidFile);
    });
    return pid === undefined ? undefined : Number(pid);
  }
}
