import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureGo } from "../scripts/setup/go.mjs";
import { isExecutable } from "../scripts/setup/machine.mjs";
import { cache, root } from "../scripts/setup/paths.mjs";
import { run, withHeartbeat } from "../scripts/setup/run.mjs";

const folder = join(root, "bench", "compose");
const module = "github.com/docker/compose/v2";

/**
 * Builds the docker compose that bench/compose/go.mod names, once.
 *
 * @returns {Promise<string>} its path
 */
export async function ensureCompose() {
  const version = new RegExp(`require ${module} (\\S+)`).exec(readFileSync(join(folder, "go.mod"), "utf8"))?.[1];
  const file = join(cache, `docker-compose-${version}`);
  if (isExecutable(file)) return file;
  const go = await ensureGo();
  mkdirSync(cache, { recursive: true });
  // Built under another name first: an interrupted build must not be taken for a finished one.
  const unfinished = `${file}.${process.pid}.new`;
  const args = [
    "build",
    "-mod=readonly",
    "-buildvcs=false",
    "-ldflags",
    `-s -w -X ${module}/internal.Version=${version}`,
  ];
  try {
    await withHeartbeat(`building docker compose ${version} from source (some minutes the first time)`, () =>
      run(go, [...args, "-o", unfinished, `${module}/cmd`], { cwd: folder }),
    );
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return file;
}
