import { setTimeout as delay } from "node:timers/promises";
import Docker, { type ContainerInfo } from "dockerode";
import type { DesiredInstance } from "../core/desired";
import { FormationError, hasCode } from "../core/errors";
import { LABEL } from "../core/labels";
import type { ObservedHost, Query, Stranger } from "../core/observed";
import type { Seconds } from "../core/units";
import { createOptions, nameOf, observedInstance } from "./container";
import { engineError, statusOf, unreachable } from "./engine-errors";
import type { Host } from "./host";
import { limit } from "./limit";
import { lastLines } from "./log-tail";

/** Near the engine's best; more calls at once only queue up inside it. */
const CALLS_IN_FLIGHT = 8;
const POLL_MS = 100;
const LAST_LINES = 20;
/** What an engine may take for anything but a stop; a frozen one accepts connections and never answers. */
const CALL_TIMEOUT_MS = 60_000;
const OBSERVE_TIMEOUT_MS = 5_000;
/** How long after SIGKILL a process may take to be gone before the stop counts as unconfirmed. */
const KILL_GRACE: Seconds = 10;

/** A Docker engine behind a unix socket. */
export class DockerHost implements Host {
  readonly #docker: Docker;
  readonly #queue = limit(CALLS_IN_FLIGHT);

  constructor(
    readonly name: string,
    readonly address: string,
    socketPath: string,
  ) {
    this.#docker = new Docker({ socketPath, timeout: CALL_TIMEOUT_MS });
  }

  async observe(query: Query): Promise<ObservedHost> {
    const list = (filters: Record<string, string[]>) =>
      this.#look(() => this.#docker.listContainers({ all: true, filters }));
    const [info, image, named, publishing, ...ours] = await Promise.all([
      this.#look(() => this.#docker.info() as Promise<{ ID: string }>),
      query.image === undefined ? undefined : this.#imageId(query.image),
      list({ name: query.apps.map((app) => `^/?${app}\\.`) }),
      query.fixedPorts.length === 0 ? [] : list({ publish: query.fixedPorts.map(String) }),
      ...query.apps.map((app) => list({ label: [`${LABEL.app}=${app}`] })),
    ]);
    const instances = ours.flat().map((one) => observedInstance(this.name, one));
    const own = new Set(instances.map((one) => one.container));
    return {
      name: this.name,
      address: this.address,
      engine: info.ID,
      instances,
      strangers: [...named, ...publishing].filter((one) => !own.has(one.Id)).map(stranger),
      ...(image === undefined ? {} : { imageId: image }),
    };
  }

  async pull(image: string): Promise<void> {
    if ((await this.#imageId(image)) !== undefined) return;
    try {
      const stream = await this.#docker.pull(image);
      await new Promise<void>((resolve, reject) => {
        this.#docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)));
      });
    } catch (cause) {
      throw new FormationError(
        "ImageMissing",
        `image ${image} is not on ${this.name} and cannot be pulled: ${engineError(cause, this).message}`,
        {
          hint: "build it there, or correct image",
          cause,
        },
      );
    }
  }

  async run(want: DesiredInstance): Promise<readonly string[]> {
    return this.#queue(async () => {
      const ports = want.publish?.hostPorts ?? [undefined];
      for (const [at, port] of ports.entries()) {
        try {
          return await this.#createAndStart(want, port);
        } catch (error) {
          if (!hasCode(error, "PortTaken") || at === ports.length - 1) throw error;
        }
      }
      return [];
    });
  }

  start(container: string): Promise<void> {
    return this.#act(() => this.#docker.getContainer(container).start());
  }

  unpause(container: string): Promise<void> {
    return this.#act(() => this.#docker.getContainer(container).unpause());
  }

  rename(container: string, name: string): Promise<void> {
    return this.#act(() => this.#docker.getContainer(container).rename({ name }));
  }

  // Not the engine's own `stop`, which holds a call for as long as the process takes: many can stop side by side.
  async stop(container: string, timeout: Seconds): Promise<void> {
    await this.#signal(container, "SIGTERM");
    if (await this.#gone(container, timeout)) return;
    await this.#signal(container, "SIGKILL");
    if (await this.#gone(container, KILL_GRACE)) return;
    throw new FormationError(
      "StopUnconfirmed",
      `${container.slice(0, 12)} on ${this.name} still runs ${KILL_GRACE} s after SIGKILL`,
      {
        hint: "look at it on the host, then run up again",
      },
    );
  }

  async remove(container: string): Promise<void> {
    try {
      await this.#act(() => this.#docker.getContainer(container).remove({ v: true }));
    } catch (error) {
      if (!hasCode(error, "NotFound")) throw error;
    }
  }

  async watch(container: string, seconds: Seconds): Promise<void> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const { State: state, RestartCount: restarts } = await this.#call(() =>
        this.#docker.getContainer(container).inspect(),
      );
      const left = end - performance.now();
      // The engine forgets the exit code once it has started the process again: the next exit tells it.
      if (state.Status !== "running") {
        throw new FormationError("ProcessExited", `exited with code ${state.ExitCode}${await this.#tail(container)}`);
      }
      if (left <= 0 && restarts === 0) return;
      if (left <= 0)
        throw new FormationError("ProcessExited", `exited ${restarts} times${await this.#tail(container)}`);
      await delay(Math.min(left, restarts > 0 ? 20 : 500));
    }
  }

  async variable(container: string, name: string): Promise<string | undefined> {
    const { Config } = await this.#call(() => this.#docker.getContainer(container).inspect());
    return Config.Env.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  }

  async #createAndStart(want: DesiredInstance, port: number | undefined): Promise<readonly string[]> {
    let container: Docker.Container;
    let warnings: readonly string[] = [];
    try {
      container = await this.#docker.createContainer(createOptions(want, port));
      warnings = (container as unknown as { Warnings?: string[] }).Warnings ?? [];
    } catch (error) {
      if (statusOf(error) !== 409) throw engineError(error, this);
      container = await this.#adopt(want);
    }
    try {
      await container.start();
    } catch (error) {
      if (statusOf(error) === 304) return warnings;
      // A container that could not start keeps its name.
      await container.remove({ force: true }).catch(() => undefined);
      throw engineError(error, this);
    }
    return warnings;
  }

  /** A create whose answer was lost has been carried out; anything else that has the name is not ours to touch. */
  async #adopt(want: DesiredInstance): Promise<Docker.Container> {
    const container = this.#docker.getContainer(want.name);
    const { Config, Id } = await container.inspect();
    if (Config.Labels[LABEL.owner] === want.owner && Config.Labels[LABEL.configuration] === want.configuration) {
      return this.#docker.getContainer(Id);
    }
    throw new FormationError("NameTaken", `a container on ${this.name} has the name ${want.name} already`, {
      hint: "remove or rename it",
    });
  }

  async #signal(container: string, signal: string): Promise<void> {
    try {
      await this.#act(() => this.#docker.getContainer(container).kill({ signal }));
    } catch (error) {
      const status = statusOf((error as Error).cause);
      if (status !== 404 && status !== 409) throw error;
    }
  }

  async #gone(container: string, timeout: Seconds): Promise<boolean> {
    const end = performance.now() + timeout * 1000;
    for (;;) {
      const state = await this.#stateOf(container);
      if (state === undefined || state === "exited" || state === "dead" || state === "created") return true;
      if (performance.now() >= end) return false;
      await delay(POLL_MS);
    }
  }

  async #stateOf(container: string): Promise<string | undefined> {
    try {
      return (await this.#call(() => this.#docker.getContainer(container).inspect())).State.Status;
    } catch (error) {
      if (hasCode(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async #imageId(image: string): Promise<string | undefined> {
    try {
      return (await this.#look(() => this.#docker.getImage(image).inspect())).Id;
    } catch (error) {
      if (hasCode(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async #tail(container: string): Promise<string> {
    const lines = await lastLines(this.#docker.getContainer(container), LAST_LINES).catch(() => "");
    return lines === "" ? ", without output" : `; its last lines:\n${lines}`;
  }

  async #act(call: () => Promise<unknown>): Promise<void> {
    try {
      await this.#call(call);
    } catch (error) {
      if (statusOf((error as Error).cause) !== 304) throw error;
    }
  }

  #call<T>(call: () => Promise<T>): Promise<T> {
    return this.#queue(async () => {
      try {
        return await call();
      } catch (error) {
        throw engineError(error, this);
      }
    });
  }

  /** A look must not keep a preview waiting for an engine that does not answer. */
  async #look<T>(call: () => Promise<T>): Promise<T> {
    const silence = new AbortController();
    const deadline = delay(OBSERVE_TIMEOUT_MS, undefined, { signal: silence.signal }).then(() => {
      throw unreachable(this, `no answer within ${OBSERVE_TIMEOUT_MS / 1000} s`);
    });
    try {
      return await Promise.race([this.#call(call), deadline]);
    } finally {
      silence.abort();
      deadline.catch(() => undefined);
    }
  }
}

function stranger(info: ContainerInfo): Stranger {
  return { name: nameOf(info), ports: info.Ports.flatMap((port) => (port.PublicPort as number | undefined) ?? []) };
}
