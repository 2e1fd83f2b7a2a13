// Compiles what users write against the installed package, under every way in which TypeScript finds types.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

const load = createRequire(import.meta.url);
/** @typedef {typeof import("typescript")} Compiler @type {Compiler} */
const ts = load("typescript");
/** The one that runs programs where no other is installed. It knows neither `exports` nor much of today's syntax. */
const PULUMIS = "@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js";

const { ModuleKind, ModuleResolutionKind } = ts;
/** @type {Record<string, import("typescript").CompilerOptions>} */
const RESOLUTIONS = {
  // TypeScript 6 still has it, and wants to be told that its end is known.
  node10: { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10, ignoreDeprecations: "6.0" },
  node16: { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 },
  nodenext: { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext },
  bundler: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
};

/** Packages that the examples use beside ours, and that the types of these use. */
const BESIDE = ["@pulumi/docker", "@pulumi/policy", "@types/node", "undici-types"];

const entries = `
import { Formation, type FormationArgs, type HealthArgs, type Instance } from "pulumi-formation";
import * as provider from "pulumi-formation/provider";
import * as monitor from "pulumi-formation/monitor";
import * as guards from "pulumi-formation/guards";
import schema from "pulumi-formation/schema.json";

const health: HealthArgs = { path: "/" };
const args: FormationArgs = { image: "shop:1", processes: { web: { port: 80, health } } };
const { instances } = new Formation("shop", args);
export const names = instances.apply((all: Instance[]) => all.map(({ name }) => name));
export const all = [provider.check, monitor, guards, schema.name];
`;
/** A program that compiles where the types are not found. */
const wrong = 'import { Formation } from "pulumi-formation";\nnew Formation("shop", { image: 1 });\n';

/** @param {string} project that has the package installed, and @pulumi/pulumi beside it */
export function compileEverywhere(project) {
  const { examples, pages, own, faulty } = programs(project);
  const files = [...examples, ...pages, own];
  for (const [name, resolution] of Object.entries(RESOLUTIONS)) {
    check(name, ts, project, files, faulty, { ...resolution, types: ["node"], exactOptionalPropertyTypes: true });
  }
  // Node.js's own types are too new for it.
  const options = { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10, types: [] };
  const program = check("Pulumi's own TypeScript", load(PULUMIS), project, pages, faulty, options);
  const zod = program.getSourceFiles().find(({ fileName }) => fileName.includes("/node_modules/zod/"));
  if (zod) throw new Error("a program that imports pulumi-formation has to read zod's types, too");
}

/** @param {string} project */
function programs(project) {
  const installed = join(project, "node_modules", "pulumi-formation");
  const target = join(project, "programs");
  cpSync(join(installed, "examples"), target, { recursive: true });
  for (const name of BESIDE) link(project, name);
  /** @param {string} name @param {string} text */
  const write = (name, text) => {
    const file = join(target, name);
    writeFileSync(file, text);
    return file;
  };
  const blocks = [...readFileSync(join(installed, "README.md"), "utf8").matchAll(/^```ts\n([^]*?)^```$/gm)];
  const examples = readdirSync(target).map((name) => join(target, name, "index.ts"));
  const found = {
    examples: examples.filter((file) => existsSync(file)),
    pages: blocks.map(([, text = ""], at) => write(`readme-${at + 1}.ts`, text)),
    own: write("entries.ts", entries),
    faulty: write("wrong.ts", wrong),
  };
  if (found.examples.length === 0 || found.pages.length === 0) throw new Error("the package has no programs");
  return found;
}

/** @param {string} project @param {string} name */
function link(project, name) {
  const at = join(project, "node_modules", name);
  if (existsSync(at)) return;
  mkdirSync(join(at, ".."), { recursive: true });
  symlinkSync(join(root, "node_modules", name), at, "junction");
}

/**
 * Compiles programs, and our own types; others' types are not ours to judge.
 *
 * @param {string} name
 * @param {Compiler} compiler
 * @param {string} project
 * @param {string[]} files
 * @param {string} faulty must not compile
 * @param {import("typescript").CompilerOptions} options
 */
function check(name, compiler, project, files, faulty, options) {
  const begun = performance.now();
  const program = compiler.createProgram([...files, faulty], {
    ...options,
    target: compiler.ScriptTarget.ES2020,
    strict: true,
    noEmit: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    typeRoots: [join(project, "node_modules", "@types")],
    // What is linked finds the project's @pulumi/pulumi, not the repository's.
    preserveSymlinks: true,
  });
  const isOurs = (/** @type {string} */ file) => /\/(programs|node_modules\/pulumi-formation)\//.test(file);
  const own = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName));
  const found = own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  const isExpected = (/** @type {import("typescript").Diagnostic} */ { file }) => file?.fileName.endsWith("/wrong.ts");
  const faults = [...program.getOptionsDiagnostics(), ...found.filter((one) => !isExpected(one))];
  const text = compiler.formatDiagnostics(faults, {
    getCanonicalFileName: (file) => file,
    getCurrentDirectory: () => project,
    getNewLine: () => "\n",
  });
  if (text !== "") throw new Error(`under ${name}:\n${text}`);
  if (!found.some(isExpected)) throw new Error(`under ${name}, the types are not found: ${faulty} compiles`);
  console.log(`${files.length} programs compile under ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return program;
}
