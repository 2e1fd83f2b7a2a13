import type { Command } from "commander";
import { FormationError } from "../../provider/core/values/errors";
import { processTypeOf } from "../../provider/core/values/names";
import { restartAnswer, sayAnswer } from "../change/answer";
import type { CliContext } from "../context";
import { instancesOf, quantitiesOf, type RecordedFormation } from "../state/formations";
import { isOnSwarm } from "../observe/engines";
import type { Intent } from "../change/intent";
import { operate } from "../change/operation";
import { askToStop, previewIntent, printPreview } from "../change/preview";
import { progressLine } from "../terminal/progress";
import { othersStopped, restartNames } from "../change/restart-names";
import { waitOption } from "../change/wait-option";

const EXAMPLES = `
Every process that is named is replaced by a new one of the same image and configuration, one after the other, by the
same rules as in a release: a web process is stopped when its successor is ready, a singleton before its successor
starts. The time of the restart is kept in the stack's configuration, formation:restartedAt.

Examples:
  formation restart              every process of the app
  formation restart web          every web process
  formation restart web.2 clock  the second web process, and the clock`;

interface Options {
  readonly preview?: boolean;
  readonly yes?: boolean;
  readonly wait: number;
}

export function register(program: Command, context: CliContext): void {
  program
    .command("restart")
    .description("replace processes by new ones, one after the other")
    .argument("[type|process...]", "web or web.2; all processes without any")
    .option("--preview", "say what would be done, and do nothing")
    .option("-y, --yes", "ask nothing, even when others have to be stopped too")
    .addOption(waitOption())
    .addHelpText("after", EXAMPLES)
    .action((names: string[], options: Options) => restart(context, names, options));
}

async function restart(context: CliContext, texts: readonly string[], options: Options): Promise<void> {
  const project = context.project();
  const at = new Date().toISOString();
  const resolve = (formation: RecordedFormation) => intentOf(formation, texts, at);
  if (options.preview === true) return printPreview(context, project, resolve(await context.formation()));

  const progress = progressLine("Restarting...");
  const ask = (plan: string, stops: string) => {
    progress.clear();
    return askToStop(context, plan, stops);
  };
  const result = await operate(context, project, {
    command: ["restart", ...texts].join(" "),
    resolve,
    // Stopping named processes is the request; a rebuilt image, for example, would stop others as well.
    allow: async (_, intent) => {
      if (options.yes === true) return true;
      const { plan } = await previewIntent(context, project, intent, true);
      const others = othersStopped(plan, intent.restart);
      if (others.length > 0) await ask(plan, `others would be stopped too: ${others.join(", ")}`);
      return true;
    },
    allowStops: ask,
    waitMs: options.wait * 1000,
    onProgress: progress.show,
  }).finally(progress.clear);
  sayAnswer(context, restartAnswer(result, project.configFile), result);
}

function intentOf(formation: RecordedFormation, texts: readonly string[], at: string): Intent {
  const after = quantitiesOf(formation);
  const single = texts.find((text) => text !== processTypeOf(text));
  if (single !== undefined && isOnSwarm(formation)) {
    throw new FormationError("InvalidInput", `a Swarm restarts a type as a whole, not ${single} alone`, {
      hint: `say formation restart ${processTypeOf(single)}`,
    });
  }
  const restart = restartNames(texts, after, instancesOf(formation));
  if (restart.length === 0) throw new FormationError("InvalidInput", `${formation.app} has no process to restart`);
  const set = Object.fromEntries(restart.map((name) => [name, at]));
  return {
    after,
    scale: [],
    restart,
    edit: { key: "formation:restartedAt", app: formation.app, set },
  };
}
