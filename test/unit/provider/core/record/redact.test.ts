import { redactor } from "../../../../../provider/core/record/redact";
import { secretsIn } from "../../../../../provider/core/record/secrets";

const PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nAbCdEfGhIjKlMnOp\nQw==\n-----END KEY-----\n";
const host = { host: "tcp://a:2376", keyMaterial: PEM };
const registry = { address: "registry.example.com", username: "deployer-of-shop", password: "s3cr3t" };

test.each([
  ["a value", "cannot log in as hunter22", { PASSWORD: "hunter22" }, "cannot log in as [PASSWORD]"],
  ["the longer of two that overlap", "abcd1234", { A: "abcd", B: "abcd1234" }, "[B]"],
  ["no word that is too short to be a secret", "a1 is a1", { A: "a1" }, "a1 is a1"],
  ["each line of a value that has several", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", { KEY: PEM }, "[KEY]"],
  ["a short one that stands alone", "so:\n  Qw==\nQw== or not", { KEY: PEM }, "so:\n  [KEY]\nQw== or not"],
  ["a part of the lines", `AbCdEfGhIjKlMnOp\nQw==\n-----END`, { KEY: PEM }, "[KEY]\n[KEY]\n-----END"],
  ["a value as a whole", `key: ${PEM}`, { KEY: PEM }, "key: [KEY]"],
  ["a value with signs that mean something where texts are replaced", "is $& or $1", { A: "$& or" }, "is [A] $1"],
  [
    "the formation's own secret in a printed environment",
    "A=b\nFORMATION_HASH_KEY=0123456789abcdef0123456789abcdef\nC=d",
    {},
    "A=b\nFORMATION_HASH_KEY=[FORMATION_HASH_KEY]\nC=d",
  ],
  [
    "and in JSON",
    '{"FORMATION_HASH_KEY": "0123456789abcdef0123456789abcdef"}',
    {},
    '{"FORMATION_HASH_KEY": "[FORMATION_HASH_KEY]"}',
  ],
  ["nothing but strings", "5 of 5", { A: 5 }, "5 of 5"],
])("hides %s", (_, text, env, hidden) => {
  expect(redactor(secretsIn({ env }))(text)).toBe(hidden);
});

test.each([
  ["a registry's password", { registryAuth: [registry] }, "no s3cr3t here", "no [password] here"],
  ["a registry's user", { registryAuth: [registry] }, "deployer-of-shop is denied", "[username] is denied"],
  ["but no word", { registryAuth: [{ ...registry, username: "shop" }] }, "shop is denied", "shop is denied"],
  ["a host's private key", { hosts: [host] }, "AbCdEfGhIjKlMnOp", "[keyMaterial]"],
  [
    "the formation's key by itself",
    { __key: "0123456789abcdef" },
    "it is 0123456789abcdef",
    "it is [FORMATION_HASH_KEY]",
  ],
  ["former values", { env: { A: "former1" } }, "former1 and latter2", "[A] and [A]"],
  ["nothing of what is unknown or wrong", { env: "x", hosts: {}, registryAuth: [null] }, "x", "x"],
])("hides %s", (_, properties, text, hidden) => {
  expect(redactor(secretsIn(properties, { env: { A: "latter2" } }))(text)).toBe(hidden);
});
