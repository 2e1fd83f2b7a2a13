import { Argument, type Command } from "commander";
import type { CliContext } from "../context";
import { chooseApp } from "../state/formations";
import { ASKED } from "../shells/words";
import { knownFormations } from "../known-formations";
import { formatTokens } from "../change/scale-grammar";

/** Registers the hidden command that shells call for completion. */
export function register(program: Command, context: CliContext): void {
  program
    .command("words", { hidden: true })
    .addArgument(new Argument("<kind>").choices(ASKED))
    .action(async (kind: (typeof ASKED)[number]) => {
      (await wordsOf(kind, context)).forEach(context.out);
    });
}

async function wordsOf(kind: (typeof ASKED)[number], context: CliContext): Promise<readonly string[]> {
  const all = await knownFormations(context);
  if (kind === "apps") return all.map(({ app }) => app);
  const { quantities, processes } = chooseApp(all, context.app(), context.project());
  if (kind === "quantities") return formatTokens(quantities).split(" ");
  return kind === "types" ? Object.keys(quantities) : [...Object.keys(quantities), ...processes];
}
