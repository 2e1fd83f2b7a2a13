import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, isDebianRoot, isExecutable, onPath } from "./machine.mjs";
import { cache, root } from "./paths.mjs";
import { run, withHeartbeat } from "./run.mjs";

/** Version that scripts/pulumi-cli/go.mod asks for. */
const needed = "1.25.11";

/**
 * Finds a Go that is recent enough: the machine's, else one fetched by the machine's older Go (Go is a module of its
 * own proxy), which is installed for the purpose on Debian.
 *
 * @returns {Promise<string>} the path of `go`
 */
export async function ensureGo() {
  const found = machinesGo();
  if (found && (await isRecent(found))) return found;
  if (!found && isDebianRoot())
    await aptInstall(["golang-go", "ca-certificates"], "installing Go (apt-get install golang-go)");
  const older = machinesGo();
  if (!older)
    throw new Error(
      `Go ${needed} or later is needed to build the Pulumi CLI: install it from https://go.dev/dl, put its bin folder on PATH, and run this again`,
    );
  return (await isRecent(older)) ? older : fetchGo(older);
}

const machinesGo = () => onPath("go") ?? ["/usr/local/go/bin/go", "/usr/lib/go/bin/go"].find(isExecutable);

/** Asks in the module's folder, where a Go that can replace itself by the version needed does so. @param {string} go */
async function isRecent(go) {
  try {
    const { stdout } = await run(go, ["version"], { cwd: join(root, "scripts", "pulumi-cli") });
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
    return Number(major) > 1 || Number(minor) >= 25;
  } catch {
    return false;
  }
}

/** @param {string} older @returns {Promise<string>} */
async function fetchGo(older) {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const module = `golang.org/toolchain@v0.0.1-go${needed}.${process.platform}-${architecture}`;
  const folder = join(cache, "fetch-go");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), "module fetch\n");
  const { stdout } = await withHeartbeat(`fetching Go ${needed}`, () =>
    run(older, ["mod", "download", "-json", module], { cwd: folder }),
  );
  const { Dir: fetched } = JSON.parse(stdout);
  // The module cache keeps no executable bits.
  for (const programs of [join(fetched, "bin"), ...folders(join(fetched, "pkg", "tool"))]) {
    for (const program of readdirSync(programs)) chmodSync(join(programs, program), 0o755);
  }
  return join(fetched, "bin", "go");
}

/** @param {string} folder */
const folders = (folder) => readdirSync(folder).map((name) => join(folder, name));
