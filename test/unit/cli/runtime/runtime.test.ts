import { neededFor, pluginsOf } from "../../../../cli/runtime/recorded";
import { registrationOf } from "../../../../cli/runtime/registration";
import { onWire, opened, sealedLike } from "../../../../cli/runtime/seals";
import { outputsAfter } from "../../../../cli/runtime/stack-outputs";
import type { RecordedResource } from "../../../../cli/state/checkpoint";

// The command's runtime takes the place of a program and registers resources with Pulumi.

const STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
const urn = (type: string, name: string) => `urn:pulumi:dev::p::${type}::${name}`;
const TARGET = urn("pulumi-nodejs:dynamic/formation:Formation", "shop");
const PROVIDER = urn("pulumi:providers:pulumi-nodejs", "default");
const CLOUD = urn("pulumi:providers:cloud", "default_1");

const resource = (of: string, more: Partial<RecordedResource> = {}): RecordedResource => ({
  urn: of,
  type: of.split("::")[2] ?? "",
  ...more,
});

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("which of the recorded resources are told", () => {
  const base = [resource(STACK), resource(PROVIDER), resource(CLOUD, { inputs: { __internal: { name: "bridge" } } })];
  const bucket = resource(urn("cloud:index:Bucket", "b"), { provider: `${CLOUD}::id`, parent: STACK });
  const target = (more: Partial<RecordedResource> = {}) =>
    resource(TARGET, { provider: `${PROVIDER}::id`, parent: STACK, ...more });
  const told = (...more: RecordedResource[]) =>
    neededFor(TARGET, [...base, ...more]).map((one) => one.urn.split("::").at(-1));

  test.each<[string, RecordedResource[], string[]]>([
    ["neighbours are not", [bucket, target()], ["p-dev", "default", "shop"]],
    [
      "a component above it",
      [resource(urn("x:y:Z", "c")), target({ parent: urn("x:y:Z", "c") })],
      ["p-dev", "default", "c", "shop"],
    ],
    [
      "what it depends on",
      [bucket, target({ dependencies: [bucket.urn] })],
      ["p-dev", "default", "default_1", "b", "shop"],
    ],
    [
      "by a property",
      [bucket, target({ propertyDependencies: { env: [bucket.urn], image: null } })],
      ["p-dev", "default", "default_1", "b", "shop"],
    ],
    [
      "what it ends with",
      [bucket, target({ deletedWith: bucket.urn })],
      ["p-dev", "default", "default_1", "b", "shop"],
    ],
    [
      "what depends on it",
      [target(), { ...bucket, dependencies: [TARGET] }],
      ["p-dev", "default", "default_1", "shop", "b"],
    ],
    [
      "its children and theirs",
      [
        target(),
        resource(urn("x:y:Z", "c"), { parent: TARGET }),
        resource(urn("x:y:Z", "d"), { parent: urn("x:y:Z", "c") }),
      ],
      ["p-dev", "default", "shop", "c", "d"],
    ],
    ["none that waits for its deletion", [{ ...target(), delete: true }, target()], ["p-dev", "default", "shop"]],
    [
      "a dependency's own are kept by Pulumi",
      [
        bucket,
        resource(urn("cloud:index:Bucket", "c"), { provider: `${CLOUD}::id`, dependencies: [bucket.urn] }),
        target({ dependencies: [urn("cloud:index:Bucket", "c")] }),
      ],
      ["p-dev", "default", "default_1", "c", "shop"],
    ],
  ])("%s", (_, more, expected) => {
    expect(told(...more)).toEqual(expected);
  });

  test("every plugin of the stack has a stand-in, under the names by which Pulumi asks for it", () => {
    expect(pluginsOf([...base, bucket, target()])).toEqual(["bridge", "cloud", "pulumi-nodejs"]);
  });
});

test("a resource is registered with all that is recorded of it, and without what a provider has added", () => {
  const request = registrationOf(
    resource(TARGET, {
      custom: true,
      parent: STACK,
      provider: `${PROVIDER}::id`,
      protect: true,
      retainOnDelete: true,
      dependencies: ["a"],
      additionalSecretOutputs: ["__key"],
      ignoreChanges: ["env"],
      replaceOnChanges: ["app"],
      deletedWith: "d",
      replaceWith: ["r"],
      hideDiff: ["h"],
      customTimeouts: { update: 600 },
      inputs: { env: { A: "x" }, formation: { web: 1 } },
      propertyDependencies: { env: ["a"] },
      sourcePosition: "project:///index.js#3,12",
      stackTrace: [{ sourcePosition: "project:///lib/a.js#1" }],
    }),
    "/home/adam/my project",
  ).toObject();
  expect(request).toMatchObject({
    type: "pulumi-nodejs:dynamic/formation:Formation",
    name: "shop",
    custom: true,
    parent: STACK,
    provider: `${PROVIDER}::id`,
    protect: true,
    retainondelete: true,
    deletedwith: "d",
    dependenciesList: ["a"],
    additionalsecretoutputsList: ["__key"],
    ignorechangesList: ["env"],
    replaceonchangesList: ["app"],
    replaceWithList: ["r"],
    hidediffsList: ["h"],
    customtimeouts: { create: "", update: "600s", pb_delete: "" },
    sourceposition: { uri: "file:///home/adam/my%20project/index.js", line: 3, column: 12 },
    stacktrace: { framesList: [{ pc: { uri: "file:///home/adam/my%20project/lib/a.js", line: 1 } }] },
  });
  expect(request.object?.fieldsMap.map(([key]) => key)).toEqual(["env"]);
});

describe("secrets", () => {
  const recorded = { env: { A: { ...secret(undefined), ciphertext: "v1:x" }, B: "plain" } };

  test("are told as such, without their values", () => {
    expect(onWire(recorded)).toEqual({ env: { A: secret(""), B: "plain" } });
    expect(onWire({ a: { ...secret(undefined), plaintext: '{"b":1}' } })).toEqual({ a: secret({ b: 1 }) });
  });

  test.each<[unknown, unknown, unknown]>([
    [{ a: "x", b: "y" }, { a: secret("old") }, { a: secret("x"), b: "y" }],
    [{ a: { b: 1, c: 2 } }, { a: { b: secret(0) } }, { a: { b: secret(1), c: 2 } }],
    [{ a: [1, 2] }, { a: [secret(0)] }, { a: secret([1, 2]) }],
    [{ a: { b: 1 } }, { a: secret({}) }, { a: secret({ b: 1 }) }],
    [{ a: secret({ b: 1 }) }, { a: 1 }, { a: secret({ b: 1 }) }],
    [{ a: 1 }, undefined, { a: 1 }],
  ])("%j marked like %j", (value, model, expected) => {
    expect(sealedLike(value, model)).toEqual(expected);
    expect(opened(sealedLike(value, model))).toEqual(opened(value));
  });
});

describe("what a stack puts out after a scale", () => {
  const before = { formation: { web: 1 }, running: { web: 1 }, summary: "web=1", endpoints: {}, log: ["a"] };
  const after = { formation: { web: 2 }, running: { web: 2 }, summary: "web=2", endpoints: {}, log: ["a", "b"] };

  test.each<[string, object, object | undefined]>([
    ["nothing of the formation's", { url: "x", text: "web=1" }, undefined],
    ["an output under its own name", { summary: "web=1" }, { summary: "web=2" }],
    ["one under another name", { shop: { web: 1 }, url: "x" }, { shop: { web: 2 }, url: "x" }],
    ["one that the name only seems to be", { summary: "mine" }, undefined],
    ["empty ones, which may be anybody's", { empty: {}, none: [] }, undefined],
    ["a secret, as it is", { log: ["a"], key: secret("k") }, { log: ["a", "b"], key: secret("k") }],
  ])("%s", (_, stack, expected) => {
    expect(outputsAfter(stack as Record<string, unknown>, before, after)).toEqual(expected);
  });
});
