import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { call, get, post } from "./engine.mjs";
import { onPath } from "./machine.mjs";
import { run, withHeartbeat } from "./run.mjs";

const reference = "formation-base:local";
const label = "formation.base";

/**
 * An image with Node.js, a shell, `sleep` and `cat`, made of this machine's own files, for places where no image can be
 * pulled. Another Node.js or another recipe (this file) makes it anew.
 *
 * @returns {Promise<string>} its reference
 */
export async function ensureBaseImage() {
  const wanted = fingerprint();
  const image = await get(`/images/${reference}/json`);
  if (image?.Config?.Labels?.[label] === wanted) return reference;
  if (process.platform !== "linux")
    throw new Error(`the image ${reference} is made of Linux programs and can only be made on Linux`);
  await withHeartbeat(`making the image ${reference} from this machine's Node.js`, () => importRootFileSystem(wanted));
  if (image) await call("DELETE", `/images/${image.Id}`); // refused while something still uses it, which is fine
  return reference;
}

function fingerprint() {
  const { size, mtimeMs } = statSync(process.execPath);
  return createHash("sha256")
    .update(JSON.stringify([process.version, process.arch, size, mtimeMs]))
    .update(readFileSync(new URL(import.meta.url)))
    .digest("hex")
    .slice(0, 16);
}

/** @param {string} wanted */
async function importRootFileSystem(wanted) {
  const stage = mkdtempSync(join(tmpdir(), "formation-base-"));
  try {
    await fill(stage);
    const changes = [`LABEL ${label}=${wanted}`, "ENV PATH=/usr/local/bin:/usr/bin:/bin", 'CMD ["node"]'];
    const query = new URLSearchParams([
      ["fromSrc", "-"],
      ["repo", "formation-base"],
      ["tag", "local"],
      ...changes.map((c) => ["changes", c]),
    ]);
    await post(`/images/create?${query}`, { body: tar(stage, ["."], ["--dereference", "--owner=0", "--group=0"]) });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The stage holds links; tar follows them, so that nothing large is copied. */
async function fill(/** @type {string} */ stage) {
  const programs = {
    "/usr/local/bin/node": process.execPath,
    "/bin/sh": onPath("sh"),
    "/bin/sleep": onPath("sleep"),
    "/bin/cat": onPath("cat"),
  };
  const files = new Map();
  for (const [path, source] of Object.entries(programs)) {
    if (!source) throw new Error(`this machine has no ${path}, which the image ${reference} is made of`);
    files.set(path, source);
    for (const library of await libraries(source)) files.set(library, library);
  }
  for (const [path, source] of files) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    symlinkSync(realpathSync(source), join(stage, path));
  }
  mkdirSync(join(stage, "etc"));
  writeFileSync(join(stage, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\nnode:x:1000:1000:node:/tmp:/bin/sh\n");
  writeFileSync(join(stage, "etc/group"), "root:x:0:\nnode:x:1000:\n");
  chmodSync(stage, 0o755);
  mkdirSync(join(stage, "tmp"));
  chmodSync(join(stage, "tmp"), 0o1777);
}

/** @param {string} program @returns {Promise<string[]>} the shared libraries it loads, the loader among them */
async function libraries(program) {
  const { stdout } = await run("ldd", [program]).catch(() => ({ stdout: "" })); // ldd refuses a static program
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((match) => String(match[1]));
}

/**
 * A tar stream of files below a folder.
 *
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {readonly string[]} [options]
 */
export function tar(folder, names, options = []) {
  const child = spawn("tar", ["-C", folder, ...options, "-cf", "-", ...names], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.on("error", (error) => child.stdout.destroy(error));
  child.on("exit", (code) => code && child.stdout.destroy(new Error(`tar ended with exit code ${code}`)));
  return child.stdout;
}
