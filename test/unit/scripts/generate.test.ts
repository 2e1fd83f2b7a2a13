import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { inputs } from "../../../provider/core/inputs/inputs";
import { outputs } from "../../../provider/core/record/outputs";
import { nodesIn } from "../../support/input-nodes";

const root = join(__dirname, "../../..");
const text = (file: string) => readFileSync(join(root, file), "utf8");

/** Interfaces of a file: the text of each property's type, and whether it has a documentation comment. */
function interfacesIn(file: string) {
  const source = ts.createSourceFile(file, text(file), ts.ScriptTarget.ES2022, true);
  return new Map(
    source.statements.filter(ts.isInterfaceDeclaration).map((one) => [
      one.name.text,
      new Map(
        one.members.filter(ts.isPropertySignature).map((property) => [
          property.name.getText(),
          {
            type: property.type?.getText() ?? "",
            isDocumented: ts.getJSDocCommentsAndTags(property).length > 0,
          },
        ]),
      ),
    ]),
  );
}

/** Paths that no chain of interfaces leads along, with a comment at its end. */
function lacking(paths: readonly string[], file: string, start: string) {
  const interfaces = interfacesIn(file);
  const leads = (path: string) => {
    let at = [start];
    const steps = path.split(".").filter((step) => !step.startsWith("<"));
    return steps.every((step) => {
      const properties = at.flatMap((name) => interfaces.get(name)?.get(step.replace("[]", "")) ?? []);
      at = properties.flatMap(({ type }) => type.match(/[A-Z]\w+/g) ?? []);
      return properties.some(({ isDocumented }) => isDocumented);
    });
  };
  return paths.filter((path) => !leads(path));
}

const pathsIn = (shape: typeof inputs | typeof outputs) =>
  nodesIn(shape).flatMap(({ path, isProperty }) => (isProperty ? [path] : []));

test("the types have every input and output, each with its documentation", () => {
  expect(pathsIn(inputs).length).toBeGreaterThan(60);
  expect(lacking(pathsIn(inputs), "sdk/args.ts", "FormationArgs")).toEqual([]);
  expect(lacking(pathsIn(outputs), "sdk/outputs.ts", "FormationOutputs")).toEqual([]);
  expect(lacking(["processes.<type>.prot"], "sdk/args.ts", "FormationArgs")).toHaveLength(1);
});

test("the reference has every input and output, each with its meaning", () => {
  const rows = new Map(
    [...text("docs/reference.md").matchAll(/^\| `([^`]+)` .*\| (.*?) +\|$/gm)].map(([, path = "", meaning]) => [
      path,
      meaning,
    ]),
  );
  const needed = [...pathsIn(inputs), ...pathsIn(outputs), "procfilePath", "appJsonPath"];
  expect(needed.filter((path) => (rows.get(path) ?? "") === "")).toEqual([]);
  expect([...rows.keys()].filter((path) => !needed.includes(path))).toEqual([]);
});

test("the reference tells units and defaults apart from meanings", () => {
  const row = text("docs/reference.md").match(/^\| `processes.<type>.stopTimeout` .*$/m)?.[0] ?? "";
  expect(row.replace(/ +/g, " ")).toBe(
    "| `processes.<type>.stopTimeout` | `string` or `number` | " +
      'seconds or a duration such as "90s" or "2m", at most 168h | 30 s | ' +
      'How long a process may take to stop after SIGTERM, before SIGKILL: seconds or `"2m"`. |',
  );
});

test("every link inside the reference leads to a section", () => {
  const page = text("docs/reference.md");
  const anchorOf = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
  const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => anchorOf(title));
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, to = ""]) => to);
  expect(links.length).toBeGreaterThan(8);
  expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
});

/** A shape with everything that inputs are made of, and names that would meet. */
const PROGRAM = `
  import { format } from "prettier";
  import { z } from "zod";
  import { allowedIn } from "./allowed.mjs";
  import { reader } from "./model.mjs";
  import { schemaTypes } from "./package-schema.mjs";
  import { referenceText } from "./reference.mjs";
  import { argsText } from "./typescript.mjs";
  const known = (shape) => z.union([z.custom((value) => typeof value === "symbol"), shape]);
  const limit = z.strictObject({ soft: z.int().describe("Soft."), hard: z.int().optional().describe("Hard.") });
  const volume = z.strictObject({
    type: z.literal("volume").describe("A volume."),
    source: known(z.string()).describe("Its name."),
    options: z.strictObject({ noCopy: z.boolean().optional().describe("No copy.") }).optional().describe("Options."),
  });
  const tmpfs = z.strictObject({ type: z.literal("tmpfs").describe("Memory."), size: z.int("bytes").describe("Its size.") });
  const tmp = z.union([z.boolean(), z.record(z.string(), z.union([z.string(), z.number()]))]);
  const shape = z.strictObject({
    init: z.union([z.literal("image"), z.literal("none"), z.boolean()]).optional().describe("An init. Default false."),
    ulimits: known(z.record(z.string(), z.union([z.int(), limit]))).optional().describe("Limits. Default: none."),
    mounts: z.array(z.discriminatedUnion("type", [volume, tmpfs])).optional().describe("Mounts */ of it."),
    policies: z.array(z.union([z.strictObject({ a: z.string().describe("A.") }), z.strictObject({ b: z.string().describe("B.") })])).optional().describe("Two."),
    "log-options": z.strictObject({ options: tmp.describe("More | less.") }).optional().describe("Logs."),
    options: z.strictObject({ tty: z.boolean().nullable().optional().describe("A tty.") }).optional().describe("Others."),
  });
  const model = reader()(z.toJSONSchema(shape, { unrepresentable: "any", io: "input" }), "App");
  const own = ({ message }) => !message.startsWith("Invalid");
  const faultsOf = (error) => error.issues.filter(own).map(({ path, message }) => path.join(".") + " is wrong: give " + message);
  console.log(JSON.stringify({
    args: await format(argsText(model, "All."), { parser: "typescript", printWidth: 120 }),
    reference: await format(referenceText(model, { name: "Seen", properties: [] }, allowedIn(shape, faultsOf)), { parser: "markdown" }),
    types: Object.keys(schemaTypes([model])),
  }));
`;

describe("a shape with everything that inputs may be made of", () => {
  let made: { readonly args: string; readonly reference: string; readonly types: readonly string[] };
  beforeAll(() => {
    const base = pathToFileURL(join(root, "scripts/generate/")).href;
    const program = PROGRAM.replaceAll('"./', `"${base}`);
    const out = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: root, encoding: "utf8" });
    made = JSON.parse(out) as typeof made;
  });

  test("has types that name each object once, with plain values where they tell one from another", () => {
    const interfaces = made.args.replace(/ *\/\*\*[^]*?\*\/\n/g, "").replace(/^[^]*?(?=export)/, "");
    expect(interfaces).toBe(`export interface AppArgs {
  readonly init?: pulumi.Input<"image" | "none" | boolean | undefined>;
  readonly ulimits?: pulumi.Input<Record<string, pulumi.Input<number | UlimitArgs>> | undefined>;
  readonly mounts?: pulumi.Input<pulumi.Input<VolumeMountArgs | TmpfsMountArgs>[] | undefined>;
  readonly policies?: pulumi.Input<pulumi.Input<PolicyArgs | AppPolicyArgs>[] | undefined>;
  readonly "log-options"?: pulumi.Input<LogOptionsArgs | undefined>;
  readonly options?: pulumi.Input<AppOptionsArgs | undefined>;
}

export interface UlimitArgs {
  readonly soft: pulumi.Input<number>;
  readonly hard?: pulumi.Input<number | undefined>;
}

export interface VolumeMountArgs {
  readonly type: "volume";
  readonly source: pulumi.Input<string>;
  readonly options?: pulumi.Input<OptionsArgs | undefined>;
}

export interface OptionsArgs {
  readonly noCopy?: pulumi.Input<boolean | undefined>;
}

export interface TmpfsMountArgs {
  readonly type: "tmpfs";
  readonly size: pulumi.Input<number>;
}

export interface PolicyArgs {
  readonly a: pulumi.Input<string>;
}

export interface AppPolicyArgs {
  readonly b: pulumi.Input<string>;
}

export interface LogOptionsArgs {
  readonly options: pulumi.Input<boolean | Record<string, pulumi.Input<string | number>>>;
}

export interface AppOptionsArgs {
  readonly tty?: pulumi.Input<boolean | undefined>;
}
`);
    // The end of a comment inside a description does not end the documentation.
    expect(made.args).toContain("/** Mounts *\u200b/ of it. */");
    expect(made.types.map((token) => token.replace("formation:index:", "")).sort()).toEqual(
      [...interfaces.matchAll(/interface (\w+)Args/g)].flatMap(([, name]) => (name === "App" ? [] : name)).sort(),
    );
  });

  test("has sections that tell objects of one list apart", () => {
    const reference = made.reference.replace(/ +/g, " ");
    for (const row of [
      '| `init` | `"image"` or `"none"` or `boolean` | | false | An init. |',
      "| `ulimits` | `{ <name>: integer }` or [`ulimits.<name>`](#ulimitsname) | | none | Limits. |",
      '| `mounts` | [`mounts[]` with `type: "volume"`](#mounts-with-type-volume) or [`mounts[]` with `type: "tmpfs"`](#mounts-with-type-tmpfs) | | | Mounts */ of it. |',
      "| `mounts[].size` | `integer` | bytes | required | Its size. |",
      "| `log-options.options` | `boolean` or `{ <name>: string \\| number }` | | required | More \\| less. |",
    ]) {
      expect(reference).toContain(row);
    }
    expect(made.reference.match(/^#.*$/gm)).toEqual([
      "# Reference",
      "## Inputs",
      "### `ulimits.<name>`",
      '### `mounts[]` with `type: "volume"`',
      "### `mounts[].options`",
      '### `mounts[]` with `type: "tmpfs"`',
      "### `policies[]`",
      "### `policies[]`",
      "### `log-options`",
      "### `options`",
      "## Outputs",
    ]);
  });
});
