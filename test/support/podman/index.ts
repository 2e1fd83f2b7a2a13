import { randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import Docker from "dockerode";
import { baseImage, docker } from "../engine";
import { installPrograms } from "../install";
import { makeCapsule } from "../rig/capsule";
import { startJanitor } from "../rig/janitor";
import { bridgeOf, freeSubnet, makeNetwork, namespacesOf } from "../rig/network";
import { until } from "../rig/run";

export interface Podman {
  /** Entry for `hosts`. */
  readonly host: string;
  /** Reference of the base image, which this Podman has. */
  readonly image: string;
  /** Folder that is removed with this Podman. */
  readonly folder: string;
  /** Client of its API as Docker's, past all code of ours. */
  readonly docker: Docker;
  /** Runs every health check that has no verdict yet, in the place of systemd. */
  checkHealth(): Promise<void>;
  /** Runs the podman command on the same containers. @returns its output */
  run(...args: readonly string[]): Promise<string>;
  /** Removes everything, as does the end of the test process. */
  stop(): Promise<void>;
}

/**
 * Settings with limits that this machine can give, without systemd, and with locks that no other Podman of the machine
 * shares. Folders are given on the command line (`--tmpdir` and others).
 */
const configuration = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
[network]
network_backend = "netavark"
`;

// These folders cannot be configured, and would be shared with the machine.
const prepare = `for folder in /run/netns /dev/shm; do mount -t tmpfs none "$folder" || exit; done`;

/** Starts a Podman with everything of its own, in namespaces of its own; needs root on Linux. */
export async function startPodman(): Promise<Podman> {
  installPrograms("test-hosts");
  installPrograms("test-podman");
  const image = baseImage();
  const id = `p${process.pid.toString(36)}${randomBytes(1).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "podman-"));
  const file = (name: string) => join(folder, name);
  const stop = startJanitor(folder, id, [...namespacesOf(id, 1), bridgeOf(id)]);
  try {
    const network = await makeNetwork(id, freeSubnet(Math.random), 1);
    const capsule = await makeCapsule(id, network.namespaces[0]!);
    writeFileSync(file("containers.conf"), configuration);
    const archive = file("image.tar");
    await pipeline(await docker.getImage(image).get(), createWriteStream(archive));
    const places = { root: "root", runroot: "run", tmpdir: "tmp", "network-config-dir": "networks" };
    const own = Object.entries(places).flatMap(([option, name]) => [`--${option}`, file(name)]);
    const podman = [
      "env",
      `CONTAINERS_CONF=${file("containers.conf")}`,
      "podman",
      "--storage-driver",
      "overlay",
      ...own,
    ];

    let runs = 0;
    /** Runs a program in Podman's namespaces to its end. */
    const inside = async (...command: readonly string[]): Promise<string> => {
      const log = file(`run-${++runs}.log`);
      await capsule.start(log, "sh", "-c", `"$@"; echo "code $?"`, "sh", ...command);
      const text = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
      await until(`${command.join(" ")} ends`, 120, () => /^code \d+$/m.test(text()));
      const [output = "", code] = text().split(/^code (\d+)$/m);
      if (code !== "0") throw new Error(`${command.join(" ")} ended with code ${code}:\n${output}`);
      return output;
    };
    await inside("sh", "-ec", prepare);
    await inside(...podman, "load", "--input", archive);
    const socket = file("podman.sock");
    await capsule.start(
      file("service.log"),
      ...(podman as [string]),
      "system",
      "service",
      "-t",
      "0",
      `unix://${socket}`,
    );
    const engine = new Docker({ socketPath: socket, host: undefined, port: undefined, protocol: "http" });
    await until("Podman answers", 60, () => engine.ping().then(Boolean, () => false));
    const run = (...args: readonly string[]) => inside(...podman, ...args);
    const checkHealth = async () => {
      const unsure = await engine.listContainers({ filters: { health: ["starting"] } });
      await Promise.all(unsure.map(({ Id }) => fetchOver(socket, `/v4.0.0/libpod/containers/${Id}/healthcheck`)));
    };
    return { checkHealth, host: `unix://${socket}`, docker: engine, image, folder, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes a call that Docker's API does not have. */
function fetchOver(socketPath: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path }, (response) => response.resume().once("end", resolve)).once("error", reject);
  });
}
