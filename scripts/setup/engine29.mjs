import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureGo } from "./go.mjs";
import { aptInstall, isDebianRoot, isExecutable, onPath } from "./machine.mjs";
import { cache, root } from "./paths.mjs";
import { run, withHeartbeat } from "./run.mjs";

// dockerd needs newer versions of the programs that it starts than Debian has.
const moby = "github.com/moby/moby/v2/cmd";
const containerd = "github.com/containerd/containerd/v2/cmd";
const version = "-X github.com/moby/moby/v2/dockerversion.Version=29.0.0";
const programs = [
  { name: "dockerd", module: "moby", source: `${moby}/dockerd`, tags: "exclude_graphdriver_btrfs", stamp: version },
  { name: "docker-proxy", module: "moby", source: `${moby}/docker-proxy` },
  { name: "containerd", module: "containerd", source: `${containerd}/containerd` },
  { name: "containerd-shim-runc-v2", module: "containerd", source: `${containerd}/containerd-shim-runc-v2` },
  // Without seccomp runc refuses the profile that dockerd hands over.
  { name: "runc", module: "runc", source: "github.com/opencontainers/runc", tags: "seccomp", isC: true },
];

/** Packages to compile runc with, each with a file or program that shows that it is installed. */
const compilers = { gcc: "gcc", "libc6-dev": "/usr/include/stdio.h", "pkg-config": "pkg-config" };
const libraries = { "libseccomp-dev": "/usr/include/seccomp.h" };

/**
 * Builds a Docker engine of version 29 from Go modules, beside the machine's own: about eight minutes the first time.
 * Other sources go into another folder.
 *
 * @returns {Promise<string>} the folder of its programs
 */
export async function ensureEngine29() {
  const folder = join(cache, "engine29", fingerprint());
  const missing = programs.filter(({ name }) => !isExecutable(join(folder, name)));
  if (missing.length === 0) return folder;
  if (process.platform !== "linux") throw new Error("Docker 29 can only be built, and run by tests, on Linux");
  mkdirSync(folder, { recursive: true });
  await ensureCompilers();
  const go = await ensureGo();
  for (const program of missing) {
    await withHeartbeat(`building ${program.name} of Docker 29 from source (some minutes the first time)`, () =>
      build(go, program, join(folder, program.name)),
    );
  }
  return folder;
}

async function ensureCompilers() {
  const isThere = (/** @type {string} */ sign) => (sign.startsWith("/") ? existsSync(sign) : onPath(sign));
  const packages = Object.entries({ ...compilers, ...libraries }).flatMap(([name, sign]) =>
    isThere(sign) ? [] : [name],
  );
  if (packages.length === 0) return;
  const list = packages.join(" ");
  if (!isDebianRoot()) throw new Error(`Docker 29 is built with ${list}: install what is missing`);
  await aptInstall(packages, `installing what Docker 29 is built with (apt-get install ${list})`);
}

/**
 * Builds under another name first, so that an interrupted build is not taken for a finished one.
 *
 * @param {string} go
 * @param {{ module: string, source: string, tags?: string, stamp?: string, isC?: boolean }} program
 * @param {string} to
 */
async function build(go, { module, source, tags = "", stamp = "", isC = false }, to) {
  const file = `${to}.${process.pid}.new`;
  const flags = ["-mod=readonly", "-buildvcs=false", "-tags", tags, "-ldflags", `-s -w ${stamp}`];
  try {
    // A Go that is older than these modules need downloads a newer one, also where that is not its default.
    const env = { ...process.env, GOTOOLCHAIN: "auto", CGO_ENABLED: isC ? "1" : "0" };
    await run(go, ["build", ...flags, "-o", file, source], { cwd: join(root, "scripts", "engine29", module), env });
    chmodSync(file, 0o755);
    renameSync(file, to);
  } finally {
    rmSync(file, { force: true });
  }
}

function fingerprint() {
  const hash = createHash("sha256").update(JSON.stringify([process.arch, programs]));
  for (const module of ["moby", "containerd", "runc"]) {
    hash.update(readFileSync(join(root, "scripts", "engine29", module, "go.sum")));
  }
  return hash.digest("hex").slice(0, 12);
}
