import { hider } from "../../../../../provider/core/record/hidden";
import { inputsWithSecrets } from "../../../../../provider/core/record/secrets";
import { check } from "../../../../../provider/lifecycle/check";
import type { Properties } from "../../../../../provider/core/record/properties";
import { reasonsShown, shown } from "../../../../../provider/pulumi/shown";
import { surroundings } from "../../../../support/surroundings";

// Values that the program itself has made secret appear in no fault, no plan and no error.

const web = { command: "run", port: 80 };
const faultsOf = (inputs: Properties) => {
  const all = { app: "shop", image: "shop:1", ...inputs };
  return check({}, all, surroundings()).faults.map((fault) => shown(fault, all));
};

test.each<[string, Properties, readonly string[], string]>([
  [
    "a port",
    { processes: { web: { ...web, port: 70000 } } },
    ["processes", "web", "port"],
    "processes.web.port is [secret]: give a port from 1 to 65535",
  ],
  [
    "a small one",
    { processes: { web: { ...web, port: 0 } } },
    ["processes", "web", "port"],
    "processes.web.port is [secret]: give a port from 1 to 65535",
  ],
  [
    "a port in something that is secret as a whole",
    { processes: { web: { ...web, port: "h4x: give" } } },
    ["processes"],
    "processes.web.port is [secret] (a string): give a port from 1 to 65535",
  ],
  [
    "a line of a Procfile",
    { procfile: "web: run\nrun --token abcd1234\n" },
    ["procfile"],
    'procfile:2: [secret] is not a line "type: command", a # comment or blank',
  ],
  [
    "a long line of one",
    { procfile: `web: run\nx ${"y".repeat(100)}\n` },
    ["procfile"],
    'procfile:2: [secret] is not a line "type: command", a # comment or blank',
  ],
  [
    "a bound",
    { processes: { web: { ...web, min: 9, max: 7 } } },
    ["processes", "web", "min"],
    "processes.web.min is [secret], but its max is 7: lower min, or raise max",
  ],
  [
    "an image",
    { image: "no image at all", processes: { web } },
    ["image"],
    "image is [secret] (a string): give an image reference such as shop:1",
  ],
  ["JSON that is none", { processes: { web }, appJson: "{hidden" }, ["appJson"], "appJson is not JSON"],
  [
    "a size",
    { processes: { web: { ...web, size: { memory: "a secret size" } } } },
    ["processes", "web", "size", "memory"],
    "processes.web.size.memory is [secret] (a string): give",
  ],
  [
    "what is missing is no secret",
    { processes: { web: { ...web, min: 9, max: 7 } } },
    ["processes", "web", "maximum"],
    "processes.web.min is 9, but its max is 7: lower min, or raise max",
  ],
])("in a fault: %s", (_, inputs, path, fault) => {
  const faults = faultsOf({ ...inputs, __secrets: [path] });
  expect(faults).toContainEqual(expect.stringContaining(fault) as string);
  expect(faults.join()).not.toMatch(/70000|hidden|abcd1234|yyy|no image|a secret size/);
});

const secret: Properties = {
  procfile: 'web: serve --token=abcdefgh "x y"\nworker: work\n',
  image: "registry.example.com/hidden:1",
  env: { QUEUE: "worker" },
  __secrets: [["procfile"], ["image"], ["env", "QUEUE"]],
};

test.each([
  [
    "a plan",
    "worker.1  replace on a  image registry.example.com/hidden:1 → shop:2",
    "worker.1  replace on a  image [secret] → shop:2",
  ],
  ["an engine's words", 'exec: "--token=abcdefgh": not found', 'exec: "[secret]": not found'],
  ["a command in JSON", String.raw`Cmd: serve --token=abcdefgh \"x y\"`, "Cmd: [secret]"],
])("in %s", (_, text, hidden) => {
  expect(hider(secret)(text)).toBe(hidden);
});

test("an error of any length keeps its beginning, its end and its secrets", () => {
  const long = `web.1 on a: failed: ${"x".repeat(1e6)} serve --token=abcdefgh\nlast line`;
  const [reason = "", ...others] = reasonsShown([long, ...Array<string>(300).fill("more")], secret);
  expect(reason.length).toBeLessThan(10_000);
  expect(reason).toMatch(/^web\.1 on a: failed: xxx[^]* … [^]*last line$/);
  expect(reason).not.toContain("token");
  expect([others.length, others.at(-1)]).toEqual([200, "and 101 more"]);
});

test("what is said of secrets is read, however it comes", () => {
  for (const __secrets of [undefined, null, "x", {}, [1], [["env"]], [[1]]])
    expect([...inputsWithSecrets({ __secrets, env: {}, image: "shop:1" })]).toEqual(["env"]);
  const given = { hosts: [{ keyMaterial: "x" }], registryAuth: [{ username: "x" }], processes: { web: {} } };
  expect([...inputsWithSecrets(given)]).toEqual(["hosts", "registryAuth"]);
  expect([...inputsWithSecrets({ processes: { web: {}, worker: { env: { A: "b" } } } })]).toEqual(["processes"]);
  expect(inputsWithSecrets(secret)).toContain("procfile");
  expect(hider({ ...secret, __secrets: [["procfile", "x"], ["nothing"], []] })("--token=abcdefgh")).toBe(
    "--token=abcdefgh",
  );
});
