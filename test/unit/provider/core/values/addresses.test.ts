import * as pulumi from "@pulumi/pulumi";
import { hostName, parseHostAddress, withoutPassword } from "../../../../../provider/core/values/addresses";
import { parseSpec } from "../../../../../provider/core/guards/declaration";
import { connect } from "../../../../../provider/orchestrators/connect";
import { UNKNOWN } from "../../../../../provider/core/values/unknown";
import { withSecretMaterial } from "../../../../../sdk/host-material";

test.each([
  ["unix:///var/run/docker.sock", "local", { transport: "unix", socketPath: "/var/run/docker.sock" }],
  ["tcp://10.0.0.1:2376", "10.0.0.1", { transport: "tcp", hostname: "10.0.0.1", port: 2376 }],
  ["tcp://[::1]:2375/", "[::1]", { transport: "tcp", hostname: "::1", port: 2375 }],
  ["ssh://b", "b", { transport: "ssh", hostname: "b", socketPath: "/var/run/docker.sock" }],
  [
    "ssh://deploy@b.example.com:2222/run/user/1000/docker.sock",
    "b.example.com",
    {
      transport: "ssh",
      user: "deploy",
      hostname: "b.example.com",
      port: 2222,
      socketPath: "/run/user/1000/docker.sock",
    },
  ],
])("%s leads to %s", (text, name, address) => {
  expect(parseHostAddress(text)).toEqual(address);
  expect(hostName(text)).toBe(name);
});

test.each([
  "",
  "local",
  "unix://",
  "unix://var/run/docker.sock",
  "tcp://",
  "tcp://b",
  "tcp://b:0",
  "tcp://b:70000",
  "tcp://b:x",
  "tcp://-b:2376",
  "tcp://a@b:2376",
  "tcp://b:2376/path",
  "http://b:2375",
  "ssh://",
  "ssh://-oProxyCommand=id",
  "ssh://a@-oProxyCommand=id",
  "ssh://-a@b",
  "ssh://a@b:0",
  "ssh://b;id",
  "ssh://$(id)",
  "ssh://a`id`@b",
  "ssh://b c",
  "ssh://b\nc",
  "ssh://b/run/$HOME/d.sock",
  "ssh://b/run/a:b",
  "ssh://b/%d",
  "ssh://b%d",
  "ssh://a:secret@b",
])("%j is no address", (text) => {
  expect(parseHostAddress(text)).toBeUndefined();
});

test.each([
  ["ssh://a:hunter2@b", "ssh://a:…@b"],
  ["ssh://a:hunter2@b:22/run/docker.sock", "ssh://a:…@b:22/run/docker.sock"],
  ["ssh://a:hun/ter2@hunter2@b", "ssh://a:…@b"],
  ["ssh://a://hunter2@b", "ssh://a:…@b"],
  ["ssh://:hunter2@b", "ssh://:…@b"],
  ["https://a:hunter2@b", "https://a:…@b"],
  ["a:hunter2@b", "a:…@b"],
  ["ssh:/a:hunter2@b", "ssh:…@b"],
])("%s is shown as %s", (text, shown) => {
  expect(withoutPassword(text)).toBe(shown);
});

test.each([
  "ssh://deploy@b",
  "ssh://deploy@[::1]:22",
  "ssh://b:22/run/a@c",
  "tcp://[::1]:2376",
  "unix:///run/a:b@c",
  "",
  "b",
])("%j is shown as it is", (text) => {
  expect(withoutPassword(text)).toBe(text);
});

function faults(hosts: unknown): readonly string[] {
  const parsed = parseSpec({ image: "shop:1", procfile: "web: a", hosts }, "shop");
  return parsed.kind === "faults" ? parsed.faults : [];
}
const PEM = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----";
const KEY = "-----BEGIN EC PRIVATE KEY-----\nMII=\n-----END EC PRIVATE KEY-----";
const tls = { host: "tcp://b:2376", caMaterial: PEM, certMaterial: PEM, keyMaterial: KEY };
const ssh = (...sshOpts: string[]) => ({ host: "ssh://b", sshOpts });
const UNCHECKED = "would leave the host's key unchecked: add the key to your known_hosts instead";
const PROGRAM = "may start a program on this machine: set it in your own ssh configuration";
const NOT_HERE = "cannot be set here: use -i, -J or a setting of the connection with -o, or your ssh configuration";

test.each([
  [{ host: "unix:///var/run/docker.sock", name: "a", labels: { disk: "ssd" }, maxProcesses: 3, abandoned: true }],
  [tls],
  [{ host: "tcp://b:2376", certPath: "/etc/docker" }],
  [{ host: "tcp://b:2376", caMaterial: UNKNOWN, certMaterial: UNKNOWN, keyMaterial: UNKNOWN }],
  [{ host: UNKNOWN, sshOpts: ["-4"] }],
  [{ host: "tcp://127.0.0.1:2375" }],
  [{ host: "tcp://localhost:2375" }],
  [ssh("-i", "~/.ssh/deploy", "-4", "-J", "a@jump:22,b", "-o", "HostKeyAlias=b", "-oStrictHostKeyChecking=accept-new")],
  [ssh("-o", "UserKnownHostsFile ~/.ssh/known_hosts", "-o", "ProxyJump=jump")],
])("%j is a host", (host) => {
  expect(faults([host])).toEqual([]);
});

test.each([
  [{}, "host is missing: give unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host"],
  [{ host: 5 }, "host is 5: give unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host"],
  [
    { host: "ssh://-oProxyCommand=id" },
    'host is "ssh://-oProxyCommand=id" (a string): give unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host',
  ],
  [
    { host: "ssh://a:hunter2@b" },
    'host is "ssh://a:…@b" (a string): give unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host',
  ],
  [
    { host: "ssh://a:hun/ter2@hunter2@b" },
    'host is "ssh://a:…@b" (a string): give unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host',
  ],
  [
    { host: "a:hunter2@b" },
    'host is "a:…@b" (a string): give unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host',
  ],
  [
    { ...tls, name: "-" },
    'name is "-" (a string): give 1 to 63 of letters, digits, _, . and -, starting with a letter or a digit',
  ],
  [{ ...tls, caMaterial: "hunter2" }, "caMaterial is not usable: give the PEM text of the CA's certificate"],
  [{ ...tls, certMaterial: 5 }, "certMaterial is a number: give the PEM text of the client's certificate"],
  [
    { ...tls, keyMaterial: KEY.replaceAll("EC PRIVATE", "ENCRYPTED PRIVATE") },
    "keyMaterial is not usable: give the PEM text of the client's private key, without a passphrase",
  ],
  [{ ...tls, keyMaterial: undefined }, "keyMaterial is missing: certMaterial is of no use without it"],
  [{ ...tls, certMaterial: undefined }, "certMaterial is missing: keyMaterial is of no use without it"],
  [{ ...tls, certPath: "/c" }, "certPath stands beside caMaterial: give the folder or the texts, not both"],
  [{ host: "ssh://b", certPath: "/c" }, "certPath is for tcp:// only: leave it out, or correct host"],
  [{ ...tls, sshOpts: [] }, "sshOpts is for ssh:// only: leave it out, or correct host"],
  [{ ...tls, labels: { disk: 5 } }, "labels.disk is 5: give a string"],
  [{ ...tls, labels: ["ssd"] }, 'labels is ["ssd"]: give an object of labels such as { disk: "ssd" }'],
  [{ ...tls, maxProcesses: 0 }, "maxProcesses is 0: give a whole number, 1 or more"],
  [{ ...tls, abandoned: "yes" }, 'abandoned is "yes" (a string): give true or false'],
  [{ ...tls, adress: "b" }, "adress is not an input of Formation: give hosts.0.host"],
  [{ host: "ssh://b", sshOpts: "-4" }, 'sshOpts is "-4" (a string): give a list of options of ssh'],
  [ssh("-oProxyCommand=touch /tmp/x"), `sshOpts.0 is "ProxyCommand=touch /tmp/x", which ${PROGRAM}`],
  [ssh("-4", "-o", "proxycommand touch"), `sshOpts.2 is "proxycommand touch", which ${PROGRAM}`],
  [ssh("-o", ' "ProxyCommand" = id'), `sshOpts.1 is " \\"ProxyCommand\\" = id", which ${PROGRAM}`],
  [ssh("-oLocalCommand=id"), `sshOpts.0 is "LocalCommand=id", which ${PROGRAM}`],
  [ssh("-oPermitLocalCommand=yes"), `sshOpts.0 is "PermitLocalCommand=yes", which ${PROGRAM}`],
  [ssh("-oKnownHostsCommand=id"), `sshOpts.0 is "KnownHostsCommand=id", which ${PROGRAM}`],
  [ssh("-oPKCS11Provider=/x.so"), `sshOpts.0 is "PKCS11Provider=/x.so", which ${PROGRAM}`],
  [ssh("-oStrictHostKeyChecking=no"), `sshOpts.0 is "StrictHostKeyChecking=no", which ${UNCHECKED}`],
  [ssh("-oStrictHostKeyChecking off"), `sshOpts.0 is "StrictHostKeyChecking off", which ${UNCHECKED}`],
  [ssh("-o", "UserKnownHostsFile=/dev/null"), `sshOpts.1 is "UserKnownHostsFile=/dev/null", which ${UNCHECKED}`],
  [ssh("-o", "UserKnownHostsFile=a /dev/null"), `sshOpts.1 is "UserKnownHostsFile=a /dev/null", which ${UNCHECKED}`],
  [ssh("-oUserKnownHostsFile=none"), `sshOpts.0 is "UserKnownHostsFile=none", which ${UNCHECKED}`],
  [ssh("-o", "ForwardAgent=yes"), `sshOpts.1 is "ForwardAgent=yes", which ${NOT_HERE}`],
  [ssh("-F", "/tmp/config"), `sshOpts.0 is "-F", which ${NOT_HERE}`],
  [ssh("-4oProxyCommand=id"), `sshOpts.0 is "-4oProxyCommand=id", which ${NOT_HERE}`],
  [ssh("--"), `sshOpts.0 is "--", which ${NOT_HERE}`],
  [ssh("-i"), 'sshOpts.0 is "-i" without a value'],
  [ssh("-J", "a;id"), 'sshOpts.1 is "a;id": give user@host:port of each machine on the way'],
  [ssh("-oProxyJump=-oX"), 'sshOpts.0 is "-oX": give user@host:port of each machine on the way'],
  [ssh("-oIdentityFile=a\nProxyCommand id"), "sshOpts.0 has a control character: remove it"],
])("%j is refused", (host, fault) => {
  const found = faults([host]);
  expect(found[0]).toBe(`hosts.0.${fault}`);
  expect(found.join("")).not.toContain("hunter2");
});

test("plain TCP is for this machine only, whether declared or in DOCKER_HOST", () => {
  expect(faults([{ host: "tcp://b:2375" }])).toEqual([
    expect.stringMatching(/^hosts\.0\.host is "tcp:\/\/b:2375" without TLS, where whoever reaches the port is root/),
  ]);
  expect(() => connect(undefined, undefined, { DOCKER_HOST: "tcp://b:2375" })).toThrow(
    /^DOCKER_HOST is "tcp:\/\/b:2375" without TLS/,
  );
  expect(() => connect(undefined, "tcp//b", {})).toThrow(/^stack config formation:host is "tcp\/\/b"/);
});

test("a docker context that is not there is refused, as docker itself does", () => {
  expect(() => connect(undefined, undefined, { DOCKER_CONTEXT: "none-of-this-name" })).toThrow(
    /^docker context none-of-this-name is not there/,
  );
});

test("hosts have names and addresses of their own", () => {
  const socket = { host: "unix:///a.sock" };
  expect(faults([socket, { host: "unix:///b.sock" }])).toEqual([
    'hosts.1.name is "local", as is that of hosts.0: give each a name of its own',
  ]);
  expect(faults([socket, { host: "ssh://b", name: "local" }])).toHaveLength(1);
  expect(faults([socket, { ...socket, name: "b" }])).toEqual(["hosts.1.host is that of hosts.0: name it once"]);
  expect(faults([socket, { host: UNKNOWN }, { host: UNKNOWN }])).toEqual([]);
  expect(faults(Array.from({ length: 201 }, (_, at) => ({ host: `ssh://b${at}` })))).toEqual([
    "hosts names more than 200 hosts: that many are supported",
  ]);
});

// The provider reports the fault: the words of a host, or the lack of a list, must reach it as they are.
test("hosts that are none reach the provider as they are", async () => {
  for (const hosts of [["ssh://b", null], "ssh://b", { host: "ssh://b" }]) {
    const passed: pulumi.Output<unknown> = pulumi.output(withSecretMaterial(hosts as never));
    expect(await new Promise((resolve) => passed.apply(resolve))).toEqual(hosts);
  }
});

test("certificates and keys become secret, however they are given", async () => {
  const args = { host: "tcp://b:2376", caMaterial: PEM };
  for (const hosts of [[args], [pulumi.output(args)], pulumi.output([args])]) {
    expect(await pulumi.isSecret(pulumi.output(withSecretMaterial(hosts)))).toBe(true);
  }
  expect(await pulumi.isSecret(pulumi.output(withSecretMaterial([{ host: "ssh://b" }])))).toBe(false);
});
