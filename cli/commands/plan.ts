import type { Command } from "commander";
import type { CliContext } from "../context";
import { dryRun } from "../change/dry-run";
import { EXIT } from "../terminal/exit";
import { readText } from "../project/files";
import { PLAN_NEEDS } from "../change/preview";
import { previewWithPulumi } from "../update/preview";

const EXAMPLES = `
Compares what is wanted with what runs on the hosts, and changes nothing. Exit code 2 says that there is something to do.

The program is run, by pulumi preview. With --deployed it is not: the plan is then made from what was deployed last and
the stack's configuration, which takes a fraction of the time and shows what has gone wrong on the hosts since.

Examples:
  formation plan
  formation plan --deployed || formation ps`;

export function register(program: Command, context: CliContext): void {
  program
    .command("plan")
    .description("say what an update would do, and whether there is anything to do")
    .option("--deployed", "without the program: go by what was deployed last")
    .addHelpText("after", EXAMPLES)
    .action((options: { readonly deployed?: boolean }) => plan(context, options.deployed === true));
}

async function plan(context: CliContext, deployed: boolean): Promise<void> {
  const { plan: text, warnings } = deployed ? await planOfDeployed(context) : await previewWithPulumi(context);
  for (const warning of warnings) context.note(warning);
  context.out(text === "" ? "nothing to do" : text);
  context.exit(text === "" ? EXIT.ok : EXIT.changes);
}

async function planOfDeployed(context: CliContext): ReturnType<typeof dryRun> {
  const project = context.project();
  const formation = await context.formation(PLAN_NEEDS);
  return dryRun(project, formation, readText(project.configFile) ?? "", context.env);
}
