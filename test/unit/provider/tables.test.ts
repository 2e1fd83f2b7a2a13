import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

// Tables that must name every case: one that is forgotten does not compile.

const root = join(__dirname, "../../..");
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, "tsconfig.build.json"), (file) => ts.sys.readFile(file)).config,
  ts.sys,
  root,
);

const options = { ...config.options, noEmit: true, declaration: false };
const host = ts.createCompilerHost(options);
const parsed = new Map<string, ts.SourceFile | undefined>();

jest.setTimeout(120_000);

/** Finds the files of provider/ that do not compile once a text in one of them is another. */
function complaints(file: string, text: string, instead: string): string[] {
  const path = join(root, file);
  const source = readFileSync(path, "utf8");
  expect(source).toContain(text);
  const changed = ts.createSourceFile(path, source.replace(text, instead), config.options.target!, true);
  const getSourceFile: ts.CompilerHost["getSourceFile"] = (name, version) => {
    if (name === path) return changed;
    if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, version));
    return parsed.get(name);
  };
  const files = config.fileNames.filter((name) => relative(root, name).startsWith("provider/"));
  const program = ts.createProgram(files, options, { ...host, getSourceFile });
  const found = program.getSemanticDiagnostics().flatMap((one) => one.file?.fileName ?? []);
  return [...new Set(found.map((name) => relative(join(root, "provider"), name)))].sort();
}

test("a new kind of step has its effects and somebody who carries it out", () => {
  const text = "export type Step =\n";
  expect(complaints("provider/core/model/change.ts", text, `${text}  | { readonly op: "fresh" }\n`)).toEqual([
    "core/model/effects.ts",
    "orchestrators/docker/steps.ts",
  ]);
});

test("a new kind of step of a Swarm has somebody who carries it out", () => {
  const text = "export type SwarmStep =\n";
  expect(
    complaints("provider/orchestrators/swarm/plan/step.ts", text, `${text}  | { readonly op: "fresh" }\n`),
  ).toEqual(["orchestrators/swarm/steps.ts"]);
});

test("a new orchestrator has its traits, its guards and its place in the list", () => {
  expect(complaints("provider/core/inputs/traits.ts", '["docker", "swarm"]', '["docker", "swarm", "third"]')).toEqual([
    "core/guards/engine-limits.ts",
    "core/guards/orchestrator.ts",
    "core/inputs/traits.ts",
    "orchestrators/index.ts",
  ]);
});
