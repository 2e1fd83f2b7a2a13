import { existsSync, rmSync, writeFileSync } from "node:fs";
import { ensureEngine29 } from "./engine29.mjs";
import { resolve } from "node:path";
import { aptInstall, isDebianRoot, isExecutable, onPath } from "./machine.mjs";

/** Programs that some tests need beside Docker itself, by their Debian package. */
const hosts = { iproute2: "ip", openssl: "openssl", "openssh-client": "ssh", "openssh-server": "sshd" };
const registry = { "docker-registry": "docker-registry" };
const balancer = { haproxy: "haproxy" };
const monitoring = { prometheus: "prometheus" };
/** Podman and the programs with which it starts containers and their networks. */
const podman = {
  podman: "podman",
  catatonit: "catatonit",
  netavark: "/usr/lib/podman/netavark",
  "aardvark-dns": "/usr/lib/podman/aardvark-dns",
  runc: "runc",
  conmon: "conmon",
};
const shells = { zsh: "zsh", fish: "fish" };
const browser = { "chromium-headless-shell": "chromium-headless-shell" };

/** Steps by name, each of which makes sure of its programs. */
export const testPrograms = new Map([
  ["test-hosts", () => ensure("test hosts", hosts)],
  ["test-registry", () => ensure("a test registry", registry)],
  ["test-balancer", () => ensure("a test balancer", balancer)],
  ["test-monitoring", () => ensure("a test of monitoring", monitoring)],
  ["test-podman", () => ensure("a test Podman", podman)],
  ["test-shells", () => ensure("a test of completion", shells)],
  ["test-browser", () => ensure("a test in a browser", browser)],
  ["test-engine29", async () => console.log(await ensureEngine29())],
]);
const policy = "/usr/sbin/policy-rc.d";

/**
 * @param {string} what
 * @param {Record<string, string>} programs
 */
async function ensure(what, programs) {
  const isMissing = (/** @type {string} */ program) => !onPath(program) && !isExecutable(resolve("/usr/sbin", program));
  const missing = Object.entries(programs).filter(([, program]) => isMissing(program));
  if (missing.length === 0) return;
  const packages = missing.map(([name]) => name);
  if (!isDebianRoot()) throw new Error(`${what} needs ${packages.join(", ")}: install what is missing`);
  await withoutServices(() =>
    aptInstall(packages, `installing what ${what} needs (apt-get install ${packages.join(" ")})`),
  );
}

/**
 * Installs packages without starting their services: tests start an sshd, a registry, a balancer and a Prometheus of
 * their own, and installing such a program must not open its usual port.
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
