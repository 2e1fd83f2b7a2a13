import { explain } from "../../../provider/core/values/errors";
import { commandOf, type Box } from "./engine";
import type { Properties } from "../../../provider/core/record/properties";
import type { Asker, Ending, Town, Weather } from "./town";

/** One resource as Pulumi keeps it: its state is what the last operation that ended has left. */
export class Pulumi {
  state: Properties = {};

  constructor(
    readonly town: Town,
    public resource: Asker = {},
  ) {}

  /** Asks for the plan first, as Pulumi does, and lets everything be where there is none. */
  async up(program: Properties, weather: Weather = {}): Promise<Ending> {
    const { town, state, resource } = this;
    const inputs = town.checked(state, program, resource);
    if (Object.keys(state).length > 0) {
      const plan = await town.preview(state, inputs, resource).catch((error: unknown) => ({ why: explain(error) }));
      if (plan === undefined) return { kind: "done", state };
      if (typeof plan !== "string") return { kind: "refused", why: plan.why };
    }
    const ending = await town.up(state, inputs, weather, resource);
    if (ending.kind === "done" || ending.kind === "partial") this.state = ending.state;
    return ending;
  }

  preview(program: Properties): Promise<string | undefined> {
    const { town, state, resource } = this;
    return town.preview(state, town.checked(state, program, resource), resource);
  }

  async destroy(weather: Weather = {}): Promise<Ending> {
    const ending = await this.town.destroy(this.state, weather, this.resource);
    if (ending.kind === "done") this.state = {};
    return ending;
  }
}

/** `shop.web.1 on a: run v1`, of all that runs in a town. */
export function runningIn({ engines }: Town): string[] {
  const line = (host: string, { name, options }: Box) => `${name} on ${host}: ${commandOf(options)}`;
  return [...engines.values()]
    .flatMap((engine) => engine.boxes().flatMap((box) => (box.state === "running" ? [line(engine.name, box)] : [])))
    .sort();
}
