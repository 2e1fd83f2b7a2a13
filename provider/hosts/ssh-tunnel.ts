import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostAddress } from "../core/addresses";
import { plainLine } from "../core/plain";

export type SshAddress = Extract<HostAddress, { transport: "ssh" }>;

/** One ssh connection; each connection to its socket is a channel of it, which ends at the engine's socket. */
export interface Tunnel {
  readonly socketPath: string;
  /** Settles when ssh has ended, with its last words. */
  readonly ended: Promise<string>;
  readonly close: () => void;
}

/** From the start of ssh until the connection stands; reaching the machine may take ssh 5 s of it. */
const OPEN_SECONDS = 10;

/** Those that stand; none outlives this process. */
const standing = new Set<() => void>();
process.once("exit", () => standing.forEach((close) => close()));

/** The first of several values counts with ssh: what stands before the user's options cannot be changed by them. */
const FIXED = options("BatchMode=yes", "ControlMaster=no", "ControlPath=none", "RemoteCommand=none");
const DEFAULTS = options("LogLevel=ERROR", "ConnectTimeout=5", "ServerAliveInterval=5", "ServerAliveCountMax=3");
const CHECKED = options("StrictHostKeyChecking=yes", "NoHostAuthenticationForLocalhost=no");

/** The words for the system's ssh: they go to it as they are, past every shell. */
function sshWords(address: SshAddress, sshOpts: readonly string[], socketPath: string): string[] {
  const { user, hostname, port, socketPath: remote } = address;
  return [
    ...["-T", "-a", "-x", ...FIXED, ...sshOpts, ...DEFAULTS, ...CHECKED],
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...["-L", `${socketPath}:${remote}`, "--", hostname],
    // Says that the connection stands, and ends it when this process is gone, however it went.
    "cat",
  ];
}

function options(...settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ["-o", setting]);
}

/** @throws in ssh's own words */
export async function openTunnel(address: SshAddress, sshOpts: readonly string[]): Promise<Tunnel> {
  if (process.platform === "win32") throw new Error("ssh:// does not work from Windows yet");
  // Nobody else can look into it: whoever reaches the socket is root on that machine.
  const folder = mkdtempSync(join(tmpdir(), "formation-"));
  const socketPath = join(folder, "engine.sock");
  const ssh = spawn("ssh", sshWords(address, sshOpts, socketPath), {
    stdio: ["pipe", "pipe", "pipe"],
    // Away from the terminal: there is nobody to ask, and Ctrl-C is for the caller to act on.
    detached: true,
    env: { ...process.env, SSH_ASKPASS_REQUIRE: "never" },
  });
  let said = "";
  ssh.stderr.on("data", (data) => (said = `${said}${String(data)}`.slice(-2000)));
  ssh.stdin.on("error", () => undefined);
  const close = () => {
    standing.delete(close);
    ssh.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  standing.add(close);
  const ended = new Promise<string>((resolve) => {
    ssh.once("error", () => resolve("ssh cannot be started: is it installed?"));
    ssh.once("close", (code) => resolve(lastWords(said) || `ssh ended with exit code ${code ?? "none"}`));
  });
  void ended.then(close);
  try {
    await answer(ssh, ended, () => lastWords(said));
    if (!existsSync(socketPath)) throw new Error(`ssh made no socket: ${lastWords(said)}`);
  } catch (error) {
    close();
    throw error;
  }
  // Not what a process that has done its work waits for.
  for (const part of [ssh, ssh.stdin, ssh.stdout, ssh.stderr]) (part as { unref?: () => void }).unref?.();
  return { socketPath, ended, close };
}

/** Waits for the other machine to send back what it is sent, past whatever else it says. */
function answer(ssh: ChildProcess, ended: Promise<string>, words: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no ssh connection within ${OPEN_SECONDS} s${words() && `: ${words()}`}`));
    const timer = setTimeout(late, OPEN_SECONDS * 1000);
    const word = randomUUID();
    let heard = "";
    ssh.stdout?.on("data", (data) => {
      heard = `${heard}${String(data)}`.slice(-2000);
      if (!heard.includes(word)) return;
      clearTimeout(timer);
      resolve();
    });
    void ended.then((last) => {
      clearTimeout(timer);
      reject(new Error(last));
    });
    ssh.stdin?.write(`${word}\n`);
  });
}

function lastWords(said: string): string {
  return said
    .split("\n")
    .map((line) => plainLine(line).trim())
    .filter((line) => line !== "")
    .slice(-3)
    .join(" ");
}
