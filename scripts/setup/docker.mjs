import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultSocket, engineAddress, ping } from "./engine.mjs";
import { aptInstall, isDebianRoot, isRoot, onPath } from "./machine.mjs";
import { cache } from "./paths.mjs";
import { ends, run, say, withHeartbeat } from "./run.mjs";

const startSeconds = 60;
/** Time that Debian's package has to start the service by itself. */
const serviceSeconds = 5;

/**
 * Makes sure that a Docker engine answers: a running engine, else an installed one, started here, else one installed
 * first.
 */
export async function ensureDocker() {
  if (await ping()) return;
  const { address, socketPath } = engineAddress();
  if (!socketPath)
    throw new Error(`no Docker engine answers at ${address}: start it, or unset DOCKER_HOST to use this machine's`);

  if (!onPath("dockerd")) {
    if (!isDebianRoot()) throw new Error(howToGetDocker(address));
    await aptInstall(["docker.io", "iptables"], "installing the Docker engine (apt-get install docker.io)");
    if (await answersWithin(serviceSeconds)) return;
  }
  if (!isRoot()) throw new Error(howToGetDocker(address));
  if (!(await startService(socketPath))) await startDaemon(address);
}

/** @param {string} socketPath */
async function startService(socketPath) {
  if (socketPath !== defaultSocket || !existsSync("/run/systemd/system")) return false;
  try {
    await withHeartbeat("starting the Docker service (systemctl start docker)", () =>
      run("systemctl", ["start", "docker"]),
    );
  } catch {
    return false; // dockerd has no unit, or its unit fails: it is started by hand instead
  }
  return answersWithin(serviceSeconds);
}

/** @param {string} address */
async function startDaemon(address) {
  mkdirSync(cache, { recursive: true });
  const logFile = join(cache, "dockerd.log");
  const log = openSync(logFile, "w");
  const daemon = spawn("dockerd", ["--host", address], { detached: true, stdio: ["ignore", log, log] });
  const ended = new Promise((resolve) => daemon.once("exit", resolve).once("error", resolve));
  daemon.unref();
  if (daemon.pid !== undefined) writeFileSync(join(cache, "dockerd.pid"), `${daemon.pid}\n`);

  const answers = await withHeartbeat("starting the Docker engine (dockerd)", () =>
    // A dockerd that ends at once may have met another that is still starting and will answer soon.
    Promise.race([answersWithin(startSeconds), ended.then(() => answersWithin(serviceSeconds))]),
  );
  if (!answers) {
    throw new Error(
      `dockerd was started but does not answer at ${address}; its log, ${logFile}:\n${ends(readFileSync(logFile, "utf8"))}`,
    );
  }
  say(`the Docker engine runs as process ${daemon.pid} and stays up; its log is ${logFile}`);
}

/** @param {number} seconds */
async function answersWithin(seconds) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) {
    if (await ping()) return true;
  }
  return false;
}

/** @param {string} address */
const howToGetDocker = (address) =>
  `no Docker engine answers at ${address}. Start Docker (or install it: https://docs.docker.com/engine/install), see that your user may use it, and run this again; on Debian as root this command installs and starts it by itself. An engine elsewhere is named by DOCKER_HOST.`;
