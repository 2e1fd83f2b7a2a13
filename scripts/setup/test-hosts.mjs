import { existsSync, rmSync, writeFileSync } from "node:fs";
import { aptInstall, isDebianRoot, isExecutable, onPath } from "./machine.mjs";

/** What test hosts are made of, beside Docker itself: a program of each package. */
const programs = new Map([
  ["iproute2", "ip"],
  ["openssl", "openssl"],
  ["openssh-client", "ssh"],
  ["openssh-server", "sshd"],
]);
const policy = "/usr/sbin/policy-rc.d";

/** Makes sure that test hosts can be made here: several engines in network namespaces, one over TLS, one over ssh. */
export async function ensureTestHosts() {
  const missing = [...programs].filter(([, program]) => !onPath(program) && !isExecutable(`/usr/sbin/${program}`));
  if (missing.length === 0) return;
  const packages = missing.map(([name]) => name);
  if (!isDebianRoot()) throw new Error(`test hosts need ${packages.join(", ")}: install what is missing`);
  await withoutServices(() =>
    aptInstall(packages, `installing what test hosts need (apt-get install ${packages.join(" ")})`),
  );
}

/**
 * The tests start an sshd of their own; none should open port 22 because a test wanted the program.
 *
 * @param {() => Promise<void>} work
 */
async function withoutServices(work) {
  if (existsSync(policy)) return work();
  const remove = () => rmSync(policy, { force: true });
  process.once("exit", remove);
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await work();
  } finally {
    remove();
  }
}
