import { InvalidArgumentError, type Command } from "commander";
import { FormationError } from "../../provider/core/values/errors";
import { sayAnswer, scaleAnswer } from "../change/answer";
import type { CliContext } from "../context";
import { quantitiesOf, type RecordedFormation } from "../state/formations";
import type { Intent } from "../change/intent";
import { operate, type Operation } from "../change/operation";
import { askToStop, previewIntent, printPreview, refuseIntent } from "../change/preview";
import { progressLine } from "../terminal/progress";
import type { Project } from "../project/project";
import { overriddenIn, resetIntent } from "../change/scale-reset";
import { formatTokens, parseTokens, resolveTokens, unexpected, type Token } from "../change/scale-grammar";
import { waitOption } from "../change/wait-option";

const EXAMPLES = `
A quantity is absolute (web=2) or counted from what there is (web+2, worker-1). Types that are not named keep theirs.
Only the formation is updated: nothing else of the stack is deployed, nor what the program has come to say since.

Examples:
  formation scale                     print the formation, in words that scale takes
  formation scale web=2 worker+1      change two types at once
  formation scale web=0 --yes         stop every web process, asking nothing
  formation scale web+1 --preview     say what would be done
  formation scale --reset web         give web back to the program: its own number holds again
  formation scale web=4 --if-current web=2
                                      only if nobody has changed web meanwhile`;

interface Options {
  readonly reset?: boolean;
  readonly preview?: boolean;
  readonly yes?: boolean;
  readonly ifCurrent?: readonly Token[];
  readonly wait: number;
}

export function register(program: Command, context: CliContext): void {
  program
    .command("scale")
    .description("change how many processes of a type run")
    .argument("[type=quantity...]", "web=2, web+1 or worker-1; without any, the formation is printed")
    .option("--reset", "give the types that are named, or all, back to the program, whose numbers hold again")
    .option("--preview", "say what would be done, and do nothing")
    .option("--if-current <quantities>", "refuse unless the formation has these, such as web=2,worker=1", expectation)
    .option("-y, --yes", "stop processes without asking")
    .addOption(waitOption())
    .addHelpText("after", EXAMPLES)
    .action((changes: string[], options: Options) => scale(context, changes, options));
}

async function scale(context: CliContext, changes: readonly string[], options: Options): Promise<void> {
  const tokens = options.reset === true ? [] : tokensOf(changes);
  const project = context.project();
  const intentFor = (formation: RecordedFormation) =>
    options.reset === true
      ? refused(project, formation, resetIntent(project, formation, changes))
      : intentOf(project, formation, tokens);
  if (tokens.length === 0 || options.preview === true) {
    const formation = await context.formation();
    refuseUnexpected(options.ifCurrent, formation);
    if (options.reset !== true && tokens.length === 0) return context.out(formatTokens(quantitiesOf(formation)));
    if (options.reset === true && changes.length === 0 && overriddenIn(project, formation).length === 0)
      return context.out("every quantity is the program's own");
    if (options.preview === true) return printPreview(context, project, intentFor(formation));
  }
  const names = options.reset === true ? changes : tokens.map((token) => token.type);
  const progress = progressLine(`Scaling ${names.length === 0 ? "the" : names.join(" and ")} processes...`);
  const result = await operate(context, project, {
    command: ["scale", ...(options.reset === true ? ["--reset"] : []), ...changes].join(" "),
    resolve: (formation) => {
      refuseUnexpected(options.ifCurrent, formation);
      return intentFor(formation);
    },
    ...consent(context, project, options, progress.clear),
    waitMs: options.wait * 1000,
    onProgress: progress.show,
  }).finally(progress.clear);
  sayAnswer(context, scaleAnswer(result, project.configFile), result);
}

/** Makes sure that running processes are stopped only with consent. */
function consent(
  context: CliContext,
  project: Project,
  { yes }: Options,
  clear: () => void,
): Pick<Operation, "allow" | "allowStops"> {
  const allowStops = (plan: string, stops: string) => {
    clear();
    return askToStop(context, plan, stops);
  };
  return {
    allowStops,
    allow: async (formation, intent) => {
      if (yes === true) return true;
      const now = quantitiesOf(formation);
      if (!intent.scale.some((type) => (intent.after[type] ?? 0) < (now[type] ?? 0))) return false;
      const { plan, stops } = await previewIntent(context, project, intent, false);
      if (stops !== undefined) await allowStops(plan, stops);
      return stops !== undefined;
    },
  };
}

function intentOf(project: Project, formation: RecordedFormation, tokens: readonly Token[]): Intent {
  const resolved = resolveTokens(tokens, quantitiesOf(formation), formation.app);
  if (!resolved.ok) throw new FormationError("InvalidInput", resolved.faults.join("\n"));
  const { after, named } = resolved;
  const intent: Intent = {
    after,
    scale: Object.keys(named),
    restart: [],
    edit: { key: "formation:scale", app: formation.app, set: named },
  };
  return refused(project, formation, intent);
}

function refused(project: Project, formation: RecordedFormation, intent: Intent): Intent {
  refuseIntent(project, formation, intent);
  return intent;
}

function tokensOf(texts: readonly string[]): readonly Token[] {
  const parsed = parseTokens(texts);
  if (!parsed.ok) throw new FormationError("InvalidInput", parsed.faults.join("\n"));
  return parsed.tokens;
}

function expectation(text: string): readonly Token[] {
  const parsed = parseTokens(text.split(/[\s,]+/));
  const faults = parsed.ok
    ? parsed.tokens.flatMap((one) => (one.sign === "=" ? [] : `${one.text}: say what is expected, such as web=2`))
    : parsed.faults;
  if (!parsed.ok || faults.length > 0) throw new InvalidArgumentError(faults.join("\n"));
  return parsed.tokens;
}

function refuseUnexpected(expected: readonly Token[] = [], formation: RecordedFormation): void {
  const current = quantitiesOf(formation);
  const faults = unexpected(expected, current);
  if (faults.length === 0) return;
  const hint = `the formation is ${formatTokens(current)}`;
  throw new FormationError("Overtaken", faults.join("\n"), { hint });
}
