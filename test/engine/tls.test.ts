import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:tls";
import { connect as connectSocket, createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import type { HostEntry } from "../../provider/engine/connect/transport";
import { connect } from "../../provider/orchestrators/connect";
import { failureOf } from "../support/failure";
import { startRig, type Rig } from "../support/rig";
import { makeAuthority, type Authority } from "../support/rig/certificates";
import { asking } from "../support/asking";

// Each fault of certificates has a message of its own, and nothing is tried without certificates.

let rig: Rig;
let other: Authority;
const servers: Server[] = [];
beforeAll(async () => {
  rig = await startRig({ engines: 1, tls: [0] });
  other = await makeAuthority(join(rig.folder, "other"), "other");
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rig.stop();
});

const right = (): HostEntry => rig.engines[0]!.hostArgs;
const query = asking("none");

async function faultOf(entry: HostEntry, env: Record<string, string> = {}): Promise<string> {
  const declared = entry.host === "" ? undefined : [{ ...entry, name: "b" }];
  const attempt = async () => {
    const [host] = connect(declared, undefined, env);
    await host!.observe(query);
  };
  return (await failureOf(attempt())).text.replace(/^cannot reach \S+ \(\S+\): /, "");
}

/** Lets a server listen on this machine's loopback, where plain TCP is allowed. */
async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return (server.address() as AddressInfo).port;
}

async function client(authority: Authority, name: string, order: { from?: string; to?: string } = {}) {
  const { cert, key } = await authority.issue(name, { usage: "clientAuth", ...order });
  return { certMaterial: cert, keyMaterial: key };
}

test("an expired client certificate (F28)", async () => {
  const own = await client(rig.authority, "old", { from: "20200101000000Z", to: "20200102000000Z" });
  expect(await faultOf({ ...right(), ...own })).toBe("the client certificate expired on 2020-01-02: renew it");
});

test("a client certificate from the future", async () => {
  const own = await client(rig.authority, "early", { from: "20900101000000Z", to: "20910101000000Z" });
  expect(await faultOf({ ...right(), ...own })).toMatch(/^the client certificate is valid from 2090-01-01 on only/);
});

test("an engine whose CA is another one (F28)", async () => {
  expect(await faultOf({ ...right(), caMaterial: other.cert })).toBe(
    "the engine's certificate is not signed by the CA that is given: give the CA that did as caMaterial",
  );
  expect(await faultOf({ ...right(), caMaterial: undefined })).toMatch(/not signed by a CA that Node\.js knows/);
});

test("a client certificate of another CA", async () => {
  expect(await faultOf({ ...right(), ...(await client(other, "stranger")) })).toMatch(
    /^the engine refuses the client certificate, which the CA that is given has not signed: give one/,
  );
});

test("an engine under another name (F28)", async () => {
  const { ip, otherIp } = rig.engines[0]!;
  expect(await faultOf({ ...right(), host: `tcp://${otherIp}:2376` })).toBe(
    `the engine's certificate is for IP Address:${ip}, not for ${otherIp}: give host one of these names, or add ${otherIp} to the certificate's subjectAltName`,
  );
});

test("no client certificate (F28)", async () => {
  expect(await faultOf({ ...right(), certMaterial: undefined, keyMaterial: undefined })).toBe(
    "the engine asks for a client certificate, and none is given: give certMaterial and keyMaterial",
  );
});

test("a key of another certificate (F28)", async () => {
  const { keyMaterial } = await client(rig.authority, "twin");
  const fault = await faultOf({ ...right(), keyMaterial });
  expect(fault).toBe(
    "keyMaterial is not the key of the certificate in certMaterial: give the pair that was made together",
  );
});

test("plain HTTP where TLS is spoken (F28)", async () => {
  const proxy = createServer((socket) => {
    const engine = connectSocket(2376, rig.engines[0]!.ip);
    for (const side of [socket, engine]) side.on("error", () => side.destroy());
    socket.pipe(engine).pipe(socket);
  });
  expect(await faultOf({ host: `tcp://127.0.0.1:${await listening(proxy)}` })).toBe(
    "the engine speaks TLS there, and no certificates are given: give caMaterial, certMaterial and keyMaterial (or certPath)",
  );
});

test("TLS where plain HTTP is spoken is not tried in plain", async () => {
  const said: string[] = [];
  const plain = createServer((socket) => {
    socket.on("data", (data) => {
      said.push(String(data));
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    socket.on("error", () => undefined);
  });
  const host = `tcp://127.0.0.1:${await listening(plain)}`;
  expect(await faultOf({ ...right(), host })).toMatch(/^what answers there does not speak TLS: /);
  expect(said.join("")).not.toContain("HTTP");
});

test("an engine's certificate that has expired", async () => {
  const order = { usage: "serverAuth", names: "IP:127.0.0.1" } as const;
  const { cert, key } = await rig.authority.issue("expired", {
    ...order,
    from: "20200101000000Z",
    to: "20200102000000Z",
  });
  const host = `tcp://127.0.0.1:${await listening(createTlsServer({ cert, key }))}`;
  expect(await faultOf({ ...right(), host })).toMatch(/^the engine's certificate has expired: /);
});

test("material in a folder, and by the variables of the docker command", async () => {
  const folder = mkdtempSync(join(rig.folder, "certs-"));
  const { host, caMaterial, certMaterial, keyMaterial } = right();
  expect(await faultOf({ host, certPath: folder })).toBe(
    `${folder} has no ca.pem, cert.pem, key.pem: put the files there, or correct certPath`,
  );
  writeFileSync(join(folder, "ca.pem"), caMaterial!);
  writeFileSync(join(folder, "cert.pem"), certMaterial!);
  expect(await faultOf({ host, certPath: folder })).toMatch(/ has no key\.pem: /);
  writeFileSync(join(folder, "key.pem"), keyMaterial!);
  expect(await faultOf({ host, certPath: folder })).toBe("it did not fail: ");
  const tls = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1" };
  expect(await faultOf({ host: "" }, { ...tls, DOCKER_CERT_PATH: folder })).toBe("it did not fail: ");
  expect(await faultOf({ host: "" }, { ...tls, DOCKER_CONFIG: folder })).toBe("it did not fail: ");
  expect(await faultOf({ host: "" }, { DOCKER_HOST: host })).toMatch(/^DOCKER_HOST is "tcp:.*" without TLS, /);
});

test("no message holds material", async () => {
  const secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
  const keyMaterial = `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`;
  const fault = await faultOf({ ...right(), keyMaterial });
  expect(fault).toBe("keyMaterial is no private key that can be read: give its PEM text, without a passphrase");
  const certMaterial = `-----BEGIN CERTIFICATE-----\n${secret}\n-----END CERTIFICATE-----\n`;
  expect(await faultOf({ ...right(), certMaterial })).toBe(
    "certMaterial is no certificate that can be read: give its PEM text",
  );
});
