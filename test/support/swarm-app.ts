import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { unixTransport } from "../../provider/engine/connect/tcp";
import type { Manager } from "../../provider/orchestrators/swarm/api/managers";
import { Provider, type Properties } from "./provider";
import type { Rig } from "./rig";
import { Pulse } from "./rig/pulse";

/** Behaviour of a clock that is told to stop. */
type Stopping = { readonly takes: number } | "ignores";

/** App with a clock on the Swarm of a rig, and the pulse of that clock. */
export class SwarmApp {
  readonly name = `app${randomBytes(3).toString("hex")}`;
  readonly provider = new Provider(this.name);
  readonly pulse = new Pulse(`mark-${this.name}`);
  inputs: Properties;

  constructor(
    readonly rig: Rig,
    stopping: Stopping,
    more: Properties = {},
  ) {
    const trap = stopping === "ignores" ? `trap "" TERM` : `trap "sleep ${stopping.takes}; exit 0" TERM`;
    this.inputs = {
      app: this.name,
      image: rig.image,
      orchestrator: "swarm",
      update: { monitor: 0 },
      hosts: rig.engines.map(({ name, address }) => ({ name, host: address })),
      processes: {
        web: { command: ["/bin/sh", "-c", "while :; do sleep 0.5; done"] },
        clock: { command: this.command(trap), stopTimeout: 30, singleton: true },
      },
      scale: { web: 0, clock: 1 },
      ...more,
    };
  }

  command(trap: string): string[] {
    return ["/bin/sh", "-c", `${trap}; while :; do sleep 0.2; done`, `mark-${this.name}`];
  }

  /** @param killAfter milliseconds after which the provider is killed in the middle of it */
  up(more: Properties = {}, killAfter?: number): Promise<void> {
    this.inputs = { ...this.inputs, ...more };
    this.#killAfter(killAfter);
    return this.provider.up(this.inputs);
  }

  destroy(killAfter?: number): Promise<void> {
    this.#killAfter(killAfter);
    return this.provider.destroy();
  }

  #killAfter(milliseconds: number | undefined): void {
    if (milliseconds !== undefined) void delay(milliseconds).then(() => this.provider.kill());
  }

  /** Makes another release each time. */
  release(killAfter?: number): Promise<void> {
    return this.up({ env: { RELEASE: randomBytes(4).toString("hex") } }, killAfter);
  }

  get instances(): { name: string; host: string; state: string }[] {
    return (this.provider.outputs["instances"] ?? []) as { name: string; host: string; state: string }[];
  }

  /** Index of the engine that runs the clock. */
  get home(): number {
    const host = this.instances.find(({ name }) => name === "clock.1" || name === "scheduler.1")?.host;
    return this.rig.engines.findIndex(({ name }) => name === host);
  }
}

/** All engines of a rig as managers, past every transport. */
export function managersOf(rig: Rig): Manager[] {
  return rig.engines.map(({ socket }) => ({
    address: `unix://${socket}`,
    transport: unixTransport({ transport: "unix", socketPath: socket }),
  }));
}
