import { redact } from "../../provider/core/redact";

const PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nAbCdEfGhIjKlMnOp\n-----END KEY-----\n";

test.each([
  ["a value", "cannot log in as hunter22", { PASSWORD: "hunter22" }, "cannot log in as [PASSWORD]"],
  ["the longer of two that overlap", "abcd1234", { A: "abcd", B: "abcd1234" }, "[B]"],
  ["no word that is too short to be a secret", "a1 is a1", { A: "a1" }, "a1 is a1"],
  ["each line of a value that has several", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", { KEY: PEM }, "[KEY]"],
  ["a value as a whole", `key: ${PEM}`, { KEY: PEM }, "key: [KEY]"],
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
  expect(redact(text, env)).toBe(hidden);
});
