// Runs every test: `npm test`. Further arguments go to jest: `npm test -- --selectProjects engine`. Runs before
// dependencies are installed, so it imports nothing but Node's own modules.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const ci = !["", "0", "false"].includes(process.env.CI ?? "");
const args = process.argv.slice(2);
/** Projects that a machine without Docker or Pulumi would have to skip: never in CI. */
const mustRun = ["engine", "e2e"];

/** @param {readonly string[]} command arguments of node @returns {number} */
function node(command) {
  const { status, error } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (error) throw error;
  return status ?? 1;
}

/**
 * @typedef {{ status: string, fullName: string }} Test
 * @typedef {{ name: string, assertionResults: Test[] }} File
 * @typedef {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number, testResults: File[] }} Report
 */

/** @returns {{ status: number, report: Report | undefined }} */
function jest() {
  const folder = mkdtempSync(join(tmpdir(), "formation-test-"));
  try {
    const output = join(folder, "report.json");
    // Most tests wait for engines: on two cores, jest would run one file at a time.
    const options = ["--maxWorkers=2", "--json", `--outputFile=${output}`, ...(ci ? ["--ci"] : [])];
    const status = node([join(root, "node_modules", "jest", "bin", "jest.js"), ...options, ...args]);
    return { status, report: existsSync(output) ? JSON.parse(readFileSync(output, "utf8")) : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Report} report */
function testsOf(report) {
  return report.testResults.flatMap((file) => {
    const path = relative(root, file.name).split(sep);
    return file.assertionResults.map((test) => ({ ...test, project: path[1] ?? "", file: path.join("/") }));
  });
}

/**
 * Finds reasons why a run is no success although jest found no fault.
 *
 * @param {ReturnType<typeof testsOf>} tests
 * @returns {string[]}
 */
function objections(tests) {
  const ran = tests.filter(isRun);
  if (ran.length === 0) return ["no test ran"];
  if (!ci) return [];
  const skipped = tests.filter((test) => !isRun(test) && mustRun.includes(test.project));
  const absent = args.length > 0 ? [] : mustRun.filter((project) => !ran.some((test) => test.project === project));
  return [
    ...skipped.map((test) => `skipped, which CI does not allow: ${test.file}: ${test.fullName}`),
    ...absent.map((project) => `no test of ${project} ran, which CI does not allow`),
  ];
}

/** @param {Test} test */
const isRun = (test) => test.status === "passed" || test.status === "failed";

const ready = node([join(root, "scripts", "setup.mjs")]);
if (ready !== 0) process.exit(ready);

const { status, report } = jest();
if (!report) {
  console.error("jest ended without a report: no test ran");
  process.exit(status || 1);
}
const tests = testsOf(report);
const faults = objections(tests);
for (const fault of faults) console.error(fault);

// A test file that could not be loaded has no tests to count, and is a failure all the same.
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
const skipped = tests.filter((test) => !isRun(test)).length;
process.exitCode = status || (failed > 0 || faults.length > 0 ? 1 : 0);
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
