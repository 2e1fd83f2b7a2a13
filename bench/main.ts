import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { uniqueName } from "../test/support/engine";
import { EngineProxy } from "../test/support/engine-proxy";
import { contestants, type ContestantName } from "./contestants";
import type { Contestant } from "./contestants/contestant";
import { Figures } from "./figures";
import { machine } from "./machine";
import { table } from "./report";
import { otherSections } from "./section";
import { scenarios, titleOf, type Scenario } from "./scenarios";

interface Options {
  readonly repeats: number;
  /** Names of scenarios, or the beginnings of names; none means all. */
  readonly only: readonly string[];
  /** File to write the report to. */
  readonly write?: string;
  readonly image: string;
  readonly compose: string;
  readonly say: (line: string) => void;
}

const results = join(__dirname, "results", "latest.json");

export async function main(options: Options): Promise<void> {
  const isMeant = (name: string) => options.only.some((part) => name === part || name.startsWith(`${part}-`));
  const chosen = scenarios.filter(({ name }) => options.only.length === 0 || isMeant(name));
  if (chosen.length === 0) throw new Error(`--only names none of ${scenarios.map(({ name }) => name).join(", ")}`);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

  const proxy = await EngineProxy.start();
  const rig = { image: options.image, compose: options.compose, name: uniqueName("bench"), proxy };
  const names = new Set(chosen.flatMap((scenario) => scenario.by));
  const taking = new Map([...names].map((name): [ContestantName, Contestant] => [name, contestants[name](rig)]));
  const figures = new Figures();
  let failure: Error | undefined;
  let complete = 0;
  try {
    for (const [name, contestant] of taking) {
      options.say(`preparing ${name} …`);
      await contestant.prepare?.();
    }
    // Each repetition measures all contestants, so that other load on the machine hits all alike.
    for (; complete < options.repeats; complete++) {
      for (const scenario of chosen) {
        const say = (line: string) => options.say(`[${complete + 1}/${options.repeats}] ${scenario.name} ${line}`);
        await take(scenario, taking, figures, say, interruption.signal);
      }
    }
  } catch (error) {
    failure = error as Error;
  } finally {
    options.say("removing what was made …");
    const cleaned = await Promise.allSettled([...taking.values()].map((contestant) => contestant.cleanUp()));
    for (const one of cleaned) if (one.status === "rejected") options.say(`  ${String(one.reason)}`);
    await proxy.close();
  }

  const taken = `${complete} of ${options.repeats} repetitions complete`;
  const text = `${await machine(options.compose)}; ${taken}\n\n${table(figures)}\n`;
  console.log(text);
  save(results, JSON.stringify(figures, undefined, 2));
  // Figures measured before the failure are printed and saved above.
  if (failure !== undefined) throw failure;
  if (options.write !== undefined) save(options.write, document(text) + otherSections(options.write));
}

async function take(
  { by, steps }: Scenario,
  taking: ReadonlyMap<ContestantName, Contestant>,
  figures: Figures,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<void> {
  for (const name of by) {
    let quantity = 0;
    for (const step of steps) {
      interrupted.throwIfAborted();
      const title = titleOf(step, quantity);
      const sample = await taking.get(name)?.perform(step);
      if (step.op === "scale") quantity = step.to;
      if (sample === undefined) continue;
      figures.add(title, name, sample);
      say(`${name}: ${title}  ${sample.whole?.toFixed(2)} s`);
    }
  }
}

function document(text: string): string {
  return `# Benchmarks

One run of \`npm run bench\`, as it printed it; [bench/README.md](../bench/README.md) says what is measured. Times are in seconds, and ratios between lines of one run are what to look at.

${text}`;
}

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
