// Packs the package, installs it in a fresh project and uses it as a Pulumi program would: `npm run smoke`.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { compileEverywhere } from "./smoke/compile.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = readJson(join(root, "package.json"));
const limitMegabytes = 16;
const allowed = [
  /^dist\/(provider|sdk|cli)\/.+\.(js|d\.ts)$/,
  /^cli\/dashboard\/[a-z]+\.(html|css|js)$/,
  /^package\.json$/,
  // The command reads the copy where it was compiled; others read the one that package.json names.
  /^(dist\/)?schema\.json$/,
  /^(README|CHANGELOG|CONTRIBUTING)\.md$/,
  // Pages and programs that the README leads to.
  /^docs\/[\w-]+\.(md|png)$/,
  /^examples\/[\w-]+\/(app\/)?[\w.-]+$/,
  /^LICENSE$/,
  /^SECURITY\.md$/,
];
const needed = [
  "dist/sdk/index.js",
  "dist/sdk/index.d.ts",
  "dist/provider/index.js",
  "dist/cli/main.js",
  "schema.json",
  "README.md",
  "LICENSE",
];
const installScripts = ["preinstall", "install", "postinstall", "prepare", "prepublish"];

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** @param {boolean} holds @param {string} message */
function expect(holds, message) {
  if (!holds) throw new Error(message);
}

/** @param {string} command @param {readonly string[]} args @param {string} cwd @returns {string} its stdout */
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** @param {string} folder of the tarball @returns {string} the tarball */
function pack(folder) {
  run(npm, ["run", "--silent", "build"], root);
  const [packed] = JSON.parse(run(npm, ["pack", "--json", "--pack-destination", folder], root));
  /** @type {string[]} */
  const files = packed.files.map((/** @type {{ path: string }} */ file) => file.path);
  const strange = files.filter((file) => !allowed.some((pattern) => pattern.test(file)));
  expect(strange.length === 0, `files that do not belong in the package: ${strange.join(", ")}`);
  const missing = needed.filter((file) => !files.includes(file));
  expect(missing.length === 0, `files missing from the package: ${missing.join(", ")}`);
  const scripts = installScripts.filter((name) => name in manifest.scripts);
  expect(scripts.length === 0, `package.json must not have install scripts: ${scripts.join(", ")}`);
  console.log(`${files.length} files in the package`);
  return join(folder, packed.filename);
}

/** @param {string} project @param {string} what */
function install(project, what) {
  const options = ["--omit=dev", "--no-audit", "--no-fund", "--prefer-offline", "--save-exact", "--silent"];
  run(npm, ["install", ...options, what], project);
}

/** @param {string} path @returns {number} bytes of all files below, without following links */
function size(path) {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0);
}

/**
 * Installs our package in a project that has @pulumi/pulumi already, and measures how much it adds.
 *
 * @param {string} project
 * @param {string} tarball
 */
function installAndMeasure(project, tarball) {
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "smoke", private: true }));
  const modules = join(project, "node_modules");
  install(project, `@pulumi/pulumi@${manifest.devDependencies["@pulumi/pulumi"]}`);
  const before = size(modules);
  install(project, tarball);
  const megabytes = (size(modules) - before) / 1e6;
  console.log(`${megabytes.toFixed(1)} MB installed beside @pulumi/pulumi (at most ${limitMegabytes})`);
  expect(megabytes <= limitMegabytes, `${megabytes.toFixed(1)} MB is more than ${limitMegabytes} MB`);
}

const methods = ["check", "diff", "create", "read", "update", "delete"];
const isFunction = (/** @type {string} */ value) => `typeof ${value} === "function"`;
const programs = {
  "require.cjs": `
    const assert = require("node:assert");
    assert(${isFunction('require("pulumi-formation").Formation')}, "require gives no Formation");
    assert.equal(require("pulumi-formation/schema.json").name, "formation");`,
  "import.mjs": `
    import assert from "node:assert";
    import { Formation } from "pulumi-formation";
    assert(${isFunction("Formation")}, "import gives no Formation");`,
  "provider.cjs": `
    const assert = require("node:assert");
    const provider = require("pulumi-formation/provider");
    for (const method of ${JSON.stringify(methods)}) assert(${isFunction("provider[method]")}, method + " is missing");`,
};

const folder = mkdtempSync(join(tmpdir(), "formation-smoke-"));
try {
  const tarball = pack(folder);
  const { messages } = await publint({ pkgDir: root, strict: true });
  expect(messages.length === 0, messages.map((message) => formatMessage(message, manifest) ?? message.code).join("\n"));
  const project = join(folder, "project");
  installAndMeasure(project, tarball);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(project, name), text);
    run(process.execPath, [name], project);
    console.log(`${name} works`);
  }
  const command = join(project, "node_modules", ".bin", "formation");
  expect(
    run(command, ["--version"], project).trim() === manifest.version,
    "the formation command says another version",
  );
  console.log("the formation command works");
  compileEverywhere(project);
} catch (error) {
  console.error(`smoke: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
