import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ensureGo } from "./go.mjs";
import { isExecutable } from "./machine.mjs";
import { root } from "./paths.mjs";
import { run, say, withHeartbeat } from "./run.mjs";

const downloadSeconds = 300;
const launcher = join(root, "node_modules", "pulumi", "run.js");
const suffix = process.platform === "win32" ? ".exe" : "";

/**
 * Makes sure that `npx pulumi` works. The npm package `pulumi` is a launcher: it runs the CLI of its own version from
 * Pulumi's folder and downloads it when missing. Where the download fails, the same files are built into the same
 * folder.
 */
export async function ensurePulumi() {
  const version = launcherVersion();
  const bin = pulumiFolder(version);
  const cli = join(bin, `pulumi${suffix}`);
  const host = join(bin, `pulumi-language-nodejs${suffix}`);
  if ([cli, host, ...dynamicProviderHosts(bin).map(({ to }) => to)].every(isExecutable)) return;

  const present = isExecutable(cli);
  if (!present && (await download(version))) return;
  mkdirSync(bin, { recursive: true });
  if (!present) await build("the Pulumi CLI", "pulumi-cli", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", version, cli);
  if (!isExecutable(host)) {
    const source = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
    await build("Pulumi's Node.js language host", "pulumi-language-nodejs", source, version, host);
  }
  for (const { from, to } of dynamicProviderHosts(bin)) await putInPlace(to, (file) => copyFileSync(from, file));
  await expectVersion(version);
}

/** File that starts the CLI: `node <launcher> version` does the same as `npx pulumi version`, only faster. */
export const pulumiLauncher = launcher;

function launcherVersion() {
  const file = join(dirname(launcher), "package.json");
  if (!existsSync(file))
    throw new Error(
      "the npm package pulumi is not installed: run `npm ci` first, or `node scripts/setup.mjs`, which does it all",
    );
  return String(JSON.parse(readFileSync(file, "utf8")).version);
}

/** @param {string} version */
const pulumiFolder = (version) =>
  join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "versions", version, "bin");

/**
 * Lists the scripts that host dynamic providers: parts of the npm package @pulumi/pulumi, at its root or below dist/.
 */
function dynamicProviderHosts(/** @type {string} */ bin) {
  const sdk = join(root, "node_modules", "@pulumi", "pulumi");
  const scripts = /^pulumi-(resource-pulumi-nodejs|analyzer-policy)(?!.*\.cmd$)/;
  return [sdk, join(sdk, "dist")].filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => scripts.test(name))
      .map((name) => ({ from: join(folder, name), to: join(bin, name) })),
  );
}

/** @param {string} version @returns {Promise<boolean>} true when the CLI is there now */
async function download(version) {
  try {
    await withHeartbeat(`downloading the Pulumi CLI ${version}`, () => expectVersion(version, downloadSeconds));
    return true;
  } catch (error) {
    const lines = error instanceof Error ? error.message.trim().split("\n") : [];
    say(`  the download failed (${lines.at(-1)}); building it from source instead`);
    // The launcher must not take an interrupted download for a finished one.
    rmSync(pulumiFolder(version), { recursive: true, force: true });
    return false;
  }
}

/**
 * @param {string} version
 * @param {number} [timeoutSeconds]
 */
async function expectVersion(version, timeoutSeconds = 60) {
  const env = { ...process.env, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout } = await run(process.execPath, [launcher, "version"], { cwd: root, env, timeoutSeconds });
  if (!stdout.split("\n").includes(`v${version}`))
    throw new Error(`pulumi version prints ${stdout.trim()}, not v${version}`);
}

/**
 * @param {string} title
 * @param {string} module the folder below scripts/ whose go.mod pins the source
 * @param {string} source the Go package
 * @param {string} version
 * @param {string} to
 */
async function build(title, module, source, version, to) {
  const go = await ensureGo();
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  await withHeartbeat(`building ${title} from source (some minutes the first time)`, () =>
    putInPlace(to, (file) =>
      run(go, ["build", "-mod=readonly", "-buildvcs=false", "-ldflags", stamp, "-o", file, source], {
        cwd: join(root, "scripts", module),
      }),
    ),
  );
}

/**
 * Writes under another name first, so that an interrupted build is not taken for a finished one.
 *
 * @param {string} to
 * @param {(file: string) => unknown} write
 */
async function putInPlace(to, write) {
  const file = `${to}.${process.pid}.new`;
  try {
    await write(file);
    chmodSync(file, 0o755);
    renameSync(file, to);
  } finally {
    rmSync(file, { force: true });
  }
}
