import type { ContainerCreateOptions, ContainerInfo } from "dockerode";
import { claimName, type Claim } from "../../../provider/core/model/claim";
import { withoutTrap } from "../../../provider/core/model/environment";
import { FormationError, type ErrorCode } from "../../../provider/core/values/errors";
import { LABEL } from "../../../provider/core/model/labels";
import type { Seconds } from "../../../provider/core/values/units";
import { shell, type Behaviour, type Script } from "./behaviour";
import type { VirtualClock } from "./clock";
import type { Happening, History } from "./history";
import { descriptorOf, type Build, type Store } from "./images";

type State = "created" | "running" | "paused" | "restarting" | "exited" | "dead" | "removing";

/** A container and the process in it. */
export interface Box {
  readonly id: string;
  name: string;
  readonly options: ContainerCreateOptions;
  readonly imageId: string;
  /** Names of the networks that it is in. */
  readonly networks: Set<string>;
  readonly createdAt: Seconds;
  state: State;
  policy: "always" | "no";
  exitCode: number;
  /** Restarts by the engine itself since the last start by a client. */
  restarts: number;
  startedAt: Seconds;
  output: string;
  /** True once it was told to stop: the engine does not restart it then. */
  isStopping: boolean;
}

const UP: ReadonlySet<State> = new Set(["running", "paused", "restarting"]);
const FIRST_BACKOFF: Seconds = 0.1;

/** A Docker engine with the behaviour that was measured: refusals, restarts, and calls it takes for done already. */
export class FakeEngine {
  /** Image ids by reference. */
  readonly images = new Map<string, string>();
  /** Contents of images, by id; an image without an entry has its id as its content. */
  readonly builds = new Map<string, Build>();
  readonly forgotten = new Set<string>();
  /** Images that can be pulled: ids by reference. */
  readonly registry = new Map<string, string>();
  /** Networks that were made here. */
  readonly networks = new Set<string>();
  isReachable = true;
  /** The engine's own id; a new installation has another one. */
  id: string;
  /** Names of the volumes that containers were made with. */
  readonly volumes = new Set<string>();
  /** Volumes that are claims. */
  claims: readonly Claim[] = [];
  /** Further names of containers, from links of other containers. */
  readonly links = new Map<string, readonly string[]>();
  /** The order in which it lists containers. */
  order: (boxes: Box[]) => Box[] = (boxes) => boxes;
  readonly capacity = { cpus: 64e9, memory: 64 * 2 ** 30 };
  readonly #boxes = new Map<string, Box>();
  /** Cancels the next thing that a process would do by itself. */
  readonly #pending = new Map<Box, () => void>();
  readonly #watchers = new Map<Box, (() => void)[]>();
  #made = 0;

  constructor(
    readonly name: string,
    readonly clock: VirtualClock,
    readonly history: History,
    readonly script: Script = shell,
    readonly store: Store = "classic",
  ) {
    this.id = `id of ${name}`;
  }

  /** Answers with the existing volume when there is one. */
  claim(claim: Claim): Claim {
    const there = this.claims.find((one) => claimName(one) === claimName(claim));
    if (there === undefined) this.claims = [...this.claims, claim];
    return there ?? claim;
  }

  unclaim(claim: Pick<Claim, "app" | "generation">): void {
    this.claims = this.claims.filter((one) => claimName(one) !== claimName(claim));
  }

  create(options: ContainerCreateOptions): Box {
    const { name = "", Image: image = "" } = options;
    const imageId = this.images.get(image);
    if (imageId === undefined) throw this.#refusal("NotFound", `No such image: ${image}`);
    this.#refuseUsed(name);
    const box: Box = {
      id: `${this.name}-${++this.#made}`,
      name,
      options,
      imageId,
      networks: new Set([options.HostConfig?.NetworkMode ?? "bridge"]),
      createdAt: this.clock.now(),
      state: "created",
      exitCode: 0,
      restarts: 0,
      startedAt: 0,
      output: "",
      isStopping: false,
      policy: options.HostConfig?.RestartPolicy?.Name === "always" ? "always" : "no",
    };
    this.#boxes.set(box.id, box);
    for (const { Type, Source } of options.HostConfig?.Mounts ?? []) if (Type === "volume") this.volumes.add(Source);
    return box;
  }

  /** @throws NotFound */
  find(ref: string): Box {
    const box = this.#boxes.get(ref) ?? this.boxes().find((one) => one.name === ref);
    if (box === undefined) throw this.#refusal("NotFound", `No such container: ${ref}`);
    return box;
  }

  boxes(): Box[] {
    return this.order([...this.#boxes.values()]);
  }

  /** @throws NotFound */
  connect(ref: string, network: string): void {
    if (!this.networks.has(network)) throw this.#refusal("NotFound", `network ${network} not found`);
    this.find(ref).networks.add(network);
  }

  start(ref: string): void {
    const box = this.find(ref);
    if (box.state === "paused") throw this.#refusal("EngineRefused", "cannot start a paused container");
    if (box.state === "dead" || box.state === "removing")
      throw this.#refusal("EngineRefused", "container is marked for removal");
    if (UP.has(box.state)) return;
    box.restarts = 0;
    this.#launch(box, "start");
  }

  /** @returns when the process is gone */
  stop(ref: string, timeout: Seconds): Promise<void> {
    const box = this.find(ref);
    if (!UP.has(box.state)) return Promise.resolve();
    box.isStopping = true;
    if (box.state === "restarting") {
      this.#end(box, box.exitCode);
      return Promise.resolve();
    }
    box.state = "running";
    const { stop, lastWords } = this.behaviourOf(box);
    const isKilled = stop === "never" || stop > timeout;
    const gone = new Promise<void>((resolve) => this.#watchers.set(box, [...(this.#watchers.get(box) ?? []), resolve]));
    this.clock.after(isKilled ? timeout : stop, () => {
      if (!box.isStopping || box.state !== "running") return;
      if (!isKilled) box.output += lastWords;
      this.#end(box, isKilled ? 137 : 143);
    });
    return gone;
  }

  update(ref: string, policy: Box["policy"]): void {
    this.find(ref).policy = policy;
  }

  rename(ref: string, name: string): void {
    const box = this.find(ref);
    if (box.name === name) throw this.#refusal("EngineRefused", "Renaming a container with the same name");
    this.#refuseUsed(name);
    if (box.state === "restarting") throw this.#refusal("NotFound", `sandbox of ${box.id} not found`);
    box.name = name;
  }

  remove(ref: string, how: "kindly" | "by force" = "kindly"): void {
    const box = this.find(ref);
    if (how === "by force" && UP.has(box.state)) {
      box.isStopping = true;
      this.#end(box, 137);
    }
    if (UP.has(box.state)) throw this.#refusal("EngineRefused", `You cannot remove a ${box.state} container`);
    this.#boxes.delete(box.id);
  }

  pause(ref: string): void {
    const box = this.find(ref);
    if (box.state !== "running") throw this.#refusal("EngineRefused", "Container is not running");
    box.state = "paused";
    this.#record(box, "pause");
  }

  unpause(ref: string): void {
    const box = this.find(ref);
    if (box.state !== "paused") throw this.#refusal("EngineRefused", "Container is not paused");
    box.state = "running";
    this.#record(box, "unpause");
  }

  /** Ends a process, as a crash or a kill from outside would. */
  crash(ref: string, code: number): void {
    const box = this.find(ref);
    if (box.state === "running") this.#end(box, code);
  }

  /** Installs the machine anew: everything on it is gone, and its id is another one. */
  wipe(): void {
    for (const box of this.boxes()) this.remove(box.id, "by force");
    this.claims = [];
    this.volumes.clear();
    this.id = `id ${++this.#made} of ${this.name}`;
  }

  /** Takes the engine down with all its processes, and up again. */
  restart(): void {
    for (const box of this.boxes()) {
      if (!UP.has(box.state)) continue;
      box.isStopping = true;
      this.#end(box, 137);
    }
    // Engines also start containers again that were stopped by hand.
    for (const box of this.boxes()) if (box.policy === "always" && box.state === "exited") this.#launch(box, "restart");
  }

  behaviourOf({ options }: Box): Behaviour {
    return this.script(commandOf(options));
  }

  healthOf(box: Box): "healthy" | "unhealthy" | "health: starting" | undefined {
    const { Healthcheck: check } = box.options;
    if (check === undefined) return undefined;
    const elapsed = this.clock.now() - box.startedAt;
    const interval = (check.Interval ?? 0) / 1e9;
    const { end } = this.script((check.Test as string[]).at(-1) ?? "");
    if (end !== "never" && end.code === 0) return elapsed >= interval ? "healthy" : "health: starting";
    const patience = (check.StartPeriod ?? 0) / 1e9 + interval * (check.Retries ?? 3);
    return elapsed >= patience ? "unhealthy" : "health: starting";
  }

  /** Its entry in the engine's list of containers. */
  info(box: Box): ContainerInfo {
    const health = this.healthOf(box);
    const port = this.#portOf(box);
    return {
      Id: box.id,
      Names: [...(this.links.get(box.id) ?? []), `/${box.name}`],
      Labels: box.options.Labels ?? {},
      ImageID: box.imageId,
      State: box.state,
      Status: this.#statusOf(box, health),
      Created: Math.floor(box.createdAt),
      ...descriptorOf(this, box.imageId),
      Ports:
        port === undefined || !isUsingPort(box)
          ? []
          : [{ IP: port.HostIp ?? "", PublicPort: Number(port.HostPort), Type: port.Type }],
    } as ContainerInfo;
  }

  #statusOf({ state, startedAt }: Box, health: string | undefined): string {
    if (state !== "running" && state !== "paused") return state;
    const age = Math.floor(this.clock.now() - startedAt);
    const how = state === "paused" ? "Paused" : health;
    return `Up ${age === 0 ? "Less than a second" : `${age} seconds`}${how === undefined ? "" : ` (${how})`}`;
  }

  #launch(box: Box, event: "start" | "restart"): void {
    const port = this.#portOf(box)?.HostPort;
    const holder = this.boxes().find((one) => one !== box && isUsingPort(one) && this.#portOf(one)?.HostPort === port);
    if (port !== undefined && holder !== undefined) {
      box.state = box.state === "created" ? "created" : "exited";
      if (event === "restart") return;
      throw this.#refusal("PortTaken", `Bind for :${port} failed: port is already allocated`);
    }
    const { end, output } = this.behaviourOf(box);
    box.state = "running";
    box.isStopping = false;
    box.startedAt = this.clock.now();
    box.output += output;
    this.#record(box, event);
    if (end !== "never")
      this.#pending.set(
        box,
        this.clock.after(end.after, () => this.#end(box, end.code)),
      );
  }

  #end(box: Box, code: number): void {
    this.#pending.get(box)?.();
    this.#pending.delete(box);
    if (box.state === "running" || box.state === "paused") this.#record(box, "die");
    box.exitCode = code;
    if (box.policy === "always" && !box.isStopping) {
      box.state = "restarting";
      const backoff = FIRST_BACKOFF * 2 ** box.restarts++;
      this.#pending.set(
        box,
        this.clock.after(backoff, () => this.#launch(box, "restart")),
      );
      return;
    }
    box.state = "exited";
    box.isStopping = false;
    for (const resolve of this.#watchers.get(box) ?? []) resolve();
    this.#watchers.delete(box);
  }

  /** Records that the provider knows a process to be ready. */
  isReady(box: Box): void {
    this.#record(box, "ready");
  }

  #record(box: Box, event: Happening["event"]): void {
    const label = (name: string) => box.options.Labels?.[name] ?? "";
    const type = label(LABEL.type);
    this.history.add({
      at: this.clock.now(),
      event,
      host: this.name,
      container: box.id,
      type,
      slot: type === "" ? "" : `${type}.${label(LABEL.index)}`,
      singleton: label(LABEL.singleton) === "true",
      command: commandOf(box.options),
    });
  }

  #portOf({ options }: Box): { HostIp?: string; HostPort?: string; Type?: string } | undefined {
    type Bindings = Record<string, { HostIp?: string; HostPort?: string }[]>;
    const [port = "", bound] = Object.entries((options.HostConfig?.PortBindings ?? {}) as Bindings)[0] ?? [];
    return bound?.[0] === undefined ? undefined : { ...bound[0], Type: port.split("/")[1] ?? "tcp" };
  }

  #refuseUsed(name: string): void {
    if (this.boxes().some((one) => one.name === name))
      throw this.#refusal("NameTaken", `Conflict. The container name "/${name}" is already in use`);
  }

  #refusal(code: ErrorCode, what: string): FormationError {
    return new FormationError(code, `${this.name}: ${what}`);
  }
}

/** A container's command, without the trap that makes its shell react to a stop. */
export function commandOf({ Cmd: command = [] }: ContainerCreateOptions): string {
  return withoutTrap(command.at(-1) ?? "");
}

function isUsingPort(box: Box): boolean {
  return box.state === "running" || box.state === "paused";
}
