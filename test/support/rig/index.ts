import { createWriteStream, mkdirSync, mkdtempSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { baseImage, docker } from "../engine";
import { installEngine29 } from "../engine29";
import { installPrograms } from "../install";
import { makeCapsule } from "./capsule";
import { makeAuthority, type Authority } from "./certificates";
import { Dockerd } from "./dockerd";
import { startJanitor } from "./janitor";
import { bridgeOf, freeSubnet, makeNetwork, namespacesOf, type Network } from "./network";
import { startSshd } from "./sshd";

/** Entry of an engine in `hosts`. */
interface HostArgs {
  readonly name: string;
  readonly host: string;
  readonly caMaterial?: string;
  readonly certMaterial?: string;
  readonly keyMaterial?: string;
  readonly sshOpts?: string[];
}

interface RigEngine {
  readonly name: string;
  /** Address where the test reaches ports that the engine's containers publish, whatever the transport. */
  readonly ip: string;
  /** Address of the same engine that its certificate does not name. */
  readonly otherIp: string;
  readonly address: string;
  readonly hostArgs: HostArgs;
  /** Socket past every transport, to learn the truth; cutting the link does not touch it. */
  readonly socket: string;
  readonly docker: Docker;
}

export interface Rig {
  readonly engines: readonly RigEngine[];
  /** Reference of the base image, which every engine has. */
  readonly image: string;
  /** Address at which the engines reach the test; a registry there needs no TLS. */
  readonly home: string;
  /** Authority that signed the engines' certificates. */
  readonly authority: Authority;
  /** Folder that is removed with the rig. */
  readonly folder: string;
  /** Takes the engine's link down; `heal` takes it up again. */
  cut(index: number): Promise<void>;
  heal(index: number): Promise<void>;
  /** Kills dockerd alone by SIGKILL. */
  kill(index: number): Promise<void>;
  /** Cuts the power: the link is down, and nothing runs there any more. */
  powerOff(index: number): Promise<void>;
  freeze(index: number): Promise<void>;
  thaw(index: number): Promise<void>;
  /** Starts dockerd again, after SIGTERM when it runs; its link stays as it is. */
  restart(index: number): Promise<void>;
  /** Starts a program beside the engine, in its namespaces, with its output in a file. */
  beside(index: number, log: string, program: string, ...args: readonly string[]): Promise<void>;
  /** Removes everything, as does the end of the test process. */
  stop(): Promise<void>;
}

/**
 * Starts several engines on this machine, named a, b, c …, each in namespaces of its own; needs root on Linux.
 *
 * @param options.tls indices of engines reached over tcp with client certificates
 * @param options.ssh indices of engines reached over ssh
 * @param options.docker29 indices of engines of version 29, with the containerd store; the others are the machine's own
 */
export async function startRig(options: {
  readonly engines: number;
  readonly tls?: readonly number[];
  readonly ssh?: readonly number[];
  readonly docker29?: readonly number[];
}): Promise<Rig> {
  installPrograms("test-hosts");
  const docker29 = options.docker29 === undefined ? undefined : { of: options.docker29, programs: installEngine29() };
  const image = baseImage();
  const id = `f${process.pid.toString(36)}${randomBytes(1).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "rig-"));
  const stop = startJanitor(folder, id, [...namespacesOf(id, options.engines), bridgeOf(id)]);
  try {
    const network = await makeNetwork(id, freeSubnet(Math.random), options.engines);
    const authority = await makeAuthority(join(folder, "ca"), "ca");
    const kinds = { tls: options.tls ?? [], ssh: options.ssh ?? [], docker29, authority, id, folder };
    const archive = join(folder, "image.tar");
    const saved = docker.getImage(image).get();
    const copied = saved.then((stream) => pipeline(stream, createWriteStream(archive)));
    const daemons: Dockerd[] = [];
    const start = async (index: number) => {
      const { daemon, engine } = await startEngine(index, network, kinds);
      daemons[index] = daemon;
      await copied;
      await engine.docker.loadImage(archive);
      return engine;
    };
    const [engines] = await Promise.all([Promise.all(network.namespaces.map((_, index) => start(index))), copied]);
    const daemon = (index: number) => daemons[index]!;
    return {
      engines,
      image,
      home: network.home,
      authority,
      folder,
      stop,
      cut: (index) => network.link(index, "down"),
      heal: (index) => network.link(index, "up"),
      kill: (index) => daemon(index).signal("SIGKILL"),
      powerOff: async (index) => {
        await network.link(index, "down");
        await daemon(index).powerOff();
      },
      freeze: (index) => daemon(index).signal("SIGSTOP"),
      beside: (index, ...command) => daemon(index).capsule.start(...command),
      thaw: (index) => daemon(index).signal("SIGCONT"),
      restart: async (index) => {
        await daemon(index).signal("SIGTERM");
        await daemon(index).start();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Kinds {
  readonly docker29: { readonly of: readonly number[]; readonly programs: string } | undefined;
  readonly tls: readonly number[];
  readonly ssh: readonly number[];
  readonly authority: Authority;
  readonly id: string;
  readonly folder: string;
}

async function startEngine(index: number, network: Network, kinds: Kinds) {
  const { tls, ssh, authority, id, folder: root } = kinds;
  const name = String.fromCharCode("a".charCodeAt(0) + index);
  const folder = join(root, name);
  mkdirSync(folder);
  const ip = network.address(index);
  const capsule = await makeCapsule(name, network.namespaces[index]!);
  const options = ["--cgroup-parent", `/${id}-${index}`, "--exec-opt", "native.cgroupdriver=cgroupfs"];
  options.push("--insecure-registry", `${network.home}/32`);
  let hostArgs: HostArgs = { name, host: `unix://${join(folder, "d.sock")}` };
  if (tls.includes(index)) {
    const server = await authority.issue(`engine-${name}`, { usage: "serverAuth", names: `IP:${ip}` });
    const client = await authority.issue(`client-${name}`, { usage: "clientAuth" });
    const files = ["--tlscacert", authority.certFile, "--tlscert", server.certFile, "--tlskey", server.keyFile];
    options.push("--host", "tcp://0.0.0.0:2376", "--tlsverify", ...files);
    const material = { caMaterial: authority.cert, certMaterial: client.cert, keyMaterial: client.key };
    hostArgs = { name, host: `tcp://${ip}:2376`, ...material };
  }
  const programs = kinds.docker29?.of.includes(index) === true ? kinds.docker29.programs : undefined;
  const daemon = new Dockerd(capsule, folder, options, programs);
  const started = daemon.start();
  if (ssh.includes(index)) {
    const { sshOpts } = await startSshd(capsule, folder, ip);
    hostArgs = { name, host: `ssh://root@${ip}${daemon.socket}`, sshOpts: [...sshOpts] };
  }
  await started;
  const { socket, docker: truth } = daemon;
  const engine: RigEngine = {
    name,
    ip,
    otherIp: network.otherAddress(index),
    address: hostArgs.host,
    hostArgs,
    socket,
    docker: truth,
  };
  return { daemon, engine };
}
