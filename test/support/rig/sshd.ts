import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Capsule } from "./capsule";
import { run, until } from "./run";

export interface Sshd {
  /** Options of ssh with which root gets in. */
  readonly sshOpts: readonly string[];
}

/** Starts an sshd in a capsule, with keys of its own; it lets root in with one key. */
export async function startSshd(capsule: Capsule, folder: string, address: string): Promise<Sshd> {
  const file = (name: string) => join(folder, name);
  for (const name of ["host-key", "client-key"]) {
    await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file(name));
  }
  writeFileSync(file("authorized"), readFileSync(file("client-key.pub")));
  writeFileSync(file("known-hosts"), `${address} ${readFileSync(file("host-key.pub"), "utf8")}`);
  const lines = [
    `ListenAddress ${address}:22`,
    `HostKey ${file("host-key")}`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    `AuthorizedKeysFile ${file("authorized")}`,
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
  ];
  appendFileSync(file("sshd_config"), `${lines.join("\n")}\n`);
  await capsule.start(file("sshd.log"), "/usr/sbin/sshd", "-D", "-e", "-f", file("sshd_config"));
  await until("sshd answers", 20, () => answers(address));
  return { sshOpts: ["-i", file("client-key"), "-o", `UserKnownHostsFile=${file("known-hosts")}`] };
}

function answers(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 22, timeout: 1000 });
    const end = (isSo: boolean) => {
      socket.destroy();
      resolve(isSo);
    };
    socket.once("data", () => end(true));
    for (const event of ["error", "timeout", "close"]) socket.once(event, () => end(false));
  });
}
