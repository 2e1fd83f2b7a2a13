import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formationReader } from "../../../../cli/state/formations";
import { findProject } from "../../../../cli/project/project";

// A state that only Pulumi can read, with a secret in it.

const root = mkdtempSync(join(tmpdir(), "formation-secrets-"));
afterAll(() => rmSync(root, { recursive: true }));
const env = { PATH: `${join(root, "bin")}:${process.env["PATH"]}`, PULUMI_HOME: root };
const MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function state(version: number, secret: object): string {
  const hosts = { ...MARK, ...secret };
  const type = "pulumi-nodejs:dynamic/formation:Formation";
  const formation = { urn: `urn:pulumi:dev::p::${type}::shop`, type, inputs: { hosts, version }, outputs: {} };
  return JSON.stringify({ deployment: { resources: [formation] } });
}

/** The state as Pulumi tells it, without and with secrets. */
function deploy(version: number): void {
  writeFileSync(join(root, "sealed"), state(version, { ciphertext: `c${version}` }));
  writeFileSync(join(root, "open"), state(version, { plaintext: JSON.stringify([{ host: `ssh://${version}` }]) }));
}

beforeAll(() => {
  for (const folder of ["bin", "project"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "project/Pulumi.yaml"), "name: p\nbackend:\n  url: s3://states\n");
  const script = `#!/bin/sh\necho "$*" >> ${root}/asked\ncase "$*" in *--show-secrets*) cat ${root}/open ;; *) cat ${root}/sealed ;; esac\n`;
  writeFileSync(join(root, "bin/pulumi"), script, { mode: 0o755 });
});

test("is asked for its secrets once, and again when it is another", async () => {
  deploy(1);
  const read = formationReader(() => findProject(join(root, "project"), "dev", env), env);
  const hosts = async () => (await read(["hosts"])).map(({ inputs }) => inputs["hosts"]);
  const decryptions = () => readFileSync(join(root, "asked"), "utf8").split("--show-secrets").length - 1;
  await read();
  expect(decryptions()).toBe(0);
  for (let times = 0; times < 3; times++) expect(await hosts()).toEqual([[{ host: "ssh://1" }]]);
  expect(decryptions()).toBe(1);
  deploy(2);
  for (let times = 0; times < 2; times++) expect(await hosts()).toEqual([[{ host: "ssh://2" }]]);
  expect(decryptions()).toBe(2);
});
