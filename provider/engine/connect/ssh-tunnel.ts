import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostAddress } from "../../core/values/addresses";
import { plainLine } from "../../core/values/plain";

export type SshAddress = Extract<HostAddress, { transport: "ssh" }>;

/** One ssh connection. Each connection to its socket becomes a channel that ends at the engine's socket. */
export interface Tunnel {
  readonly socketPath: string;
  /** Resolves with ssh's last words when ssh has ended. */
  readonly ended: Promise<string>;
  readonly close: () => void;
}

/** Time from the start of ssh until the connection stands; ssh may take 5 s of it to reach the machine. */
const OPEN_SECONDS = 10;

/** Open tunnels. They are closed when this process ends. */
const standing = new Set<() => void>();
process.once("exit", () => standing.forEach((close) => close()));

/** Options that users cannot change: ssh takes the first of several values, and these come before the user's. */
const FIXED = options("BatchMode=yes", "ControlMaster=no", "ControlPath=none", "RemoteCommand=none");
const DEFAULTS = options("LogLevel=ERROR", "ConnectTimeout=5", "ServerAliveInterval=5", "ServerAliveCountMax=3");
const CHECKED = options("StrictHostKeyChecking=yes", "NoHostAuthenticationForLocalhost=no");

/** Arguments for the system's ssh, which reach it unchanged because no shell is involved. */
function sshWords(address: SshAddress, sshOpts: readonly string[], socketPath: string): string[] {
  const { user, hostname, port, socketPath: remote } = address;
  return [
    "-T",
    "-a",
    "-x",
    ...FIXED,
    ...sshOpts,
    ...DEFAULTS,
    ...CHECKED,
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "-L",
    `${socketPath}:${remote}`,
    "--",
    hostname,
    // `cat` shows by its echo that the connection stands, and ends it when this process is gone, however it went.
    "cat",
  ];
}

function options(...settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ["-o", setting]);
}

/** @throws with ssh's own words */
export async function openTunnel(address: SshAddress, sshOpts: readonly string[]): Promise<Tunnel> {
  if (process.platform === "win32") throw new Error("ssh:// does not work from Windows yet");
  // The folder is private, because whoever reaches the socket is root on that machine.
  const folder = mkdtempSync(join(tmpdir(), "formation-"));
  const socketPath = join(folder, "engine.sock");
  const ssh = spawn("ssh", sshWords(address, sshOpts, socketPath), {
    stdio: ["pipe", "pipe", "pipe"],
    // Detached from the terminal: nobody can be asked there, and Ctrl-C is for the caller to act on.
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
  // An open tunnel must not keep a process alive that has done its work.
  for (const part of [ssh, ssh.stdin, ssh.stdout, ssh.stderr]) (part as { unref?: () => void }).unref?.();
  return { socketPath, ended, close };
}

/** Waits until the other machine echoes a word, and skips whatever else it prints. */
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
