import { FormationError } from "../../provider/core/values/errors";
import type { CliContext } from "../context";
import { plainText } from "./events";
import { appOf, chooseApp, isFormation } from "../state/formations";
import { complaintIn, runPulumi } from "../project/pulumi";
import { unsealed } from "../state/checkpoint";

interface State {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Output of `pulumi preview --json`, which may leave out unchanged resources. */
interface Preview {
  readonly steps?: readonly { readonly op: string; readonly urn: string; newState?: State; oldState?: State }[];
  readonly diagnostics?: readonly Diagnostic[];
}

interface Diagnostic {
  readonly urn?: string;
  readonly message?: string;
  readonly severity: string;
}

/** Previews the whole program and picks out one formation, which need not be deployed yet. */
export async function previewWithPulumi(
  context: CliContext,
): Promise<{ readonly plan: string; readonly warnings: readonly string[] }> {
  const project = context.project();
  const { code, stdout, stderr } = await runPulumi(
    project,
    ["preview", "--json", ...project.configArguments],
    context.env,
  );
  const { steps = [], diagnostics = [] } = parsePreview(stdout);
  const said = (severity: string, urn?: string) =>
    diagnostics
      .filter((one) => one.severity === severity && (urn === undefined || one.urn === urn))
      .map((one) => plainText(one.message ?? ""));
  if (code !== 0) throw new FormationError("Incomplete", said("error").join("\n") || complaintIn(stderr));

  const stepsOfFormations = steps.filter(({ newState, oldState }) => isFormation(newState ?? oldState));
  const inSteps = stepsOfFormations.map(({ urn, op, newState, oldState }) => {
    const inputs = unsealed((newState ?? oldState)?.inputs ?? {}) as Readonly<Record<string, unknown>>;
    return { urn, op, app: appOf(urn, inputs) };
  });
  const recorded = await context.formations().catch(() => []);
  const untouched = recorded.filter((formation) => !inSteps.some((step) => step.urn === formation.urn));
  const { urn, op } = chooseApp(
    [...inSteps, ...untouched.map((formation) => ({ ...formation, op: "same" }))],
    context.app(),
    project,
  );
  const warnings = said("warning", urn);
  if (op === "same") return { plan: "", warnings };
  return { plan: said("info", urn).at(-1) ?? `${op} ${urn}`, warnings };
}

function parsePreview(stdout: string): Preview {
  return stdout.startsWith("{") ? (JSON.parse(stdout) as Preview) : {};
}
