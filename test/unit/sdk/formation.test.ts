import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Formation, type FormationArgs } from "../../../sdk";
import { registered } from "../../support/registered";

const TYPE = "pulumi-nodejs:dynamic/formation:Formation";
const minimal: FormationArgs = { image: "shop:1", processes: { web: { command: "npm start" } } };
const folder = join(__dirname, "../../../examples/procfile-app");
const before = process.cwd();

beforeAll(() => process.chdir(folder));
afterAll(() => process.chdir(before));

async function given(args: FormationArgs, options?: pulumi.CustomResourceOptions, preview = false) {
  const resources = await registered(() => new Formation("shop", args, options), { preview });
  return resources.get(TYPE) ?? {};
}

// Every state holds this text: another one would run other code, or show a change where there is none.
test("what is declared is passed on as it is, beside a provider that never changes", async () => {
  expect(await given(minimal)).toEqual({
    ...minimal,
    __alone: true,
    __provider: 'exports.handler=()=>require("pulumi-formation/provider")',
    __urn: `urn:pulumi:dev::project::${TYPE}::shop`,
  });
});

test("__urn names the resource's parent, too", async () => {
  const resources = await registered(() => {
    const parent = new pulumi.ComponentResource("acme:index:Site", "site");
    return new Formation("shop", minimal, { parent });
  });
  expect(resources.get(TYPE)).toMatchObject({ __urn: `urn:pulumi:dev::project::acme:index:Site$${TYPE}::shop` });
});

// A Formation that waits for no other resource can tell in a preview that a missing network or image stays missing.
test("what may wait for another resource says so", async () => {
  expect(await given({ ...minimal, network: pulumi.output("net") })).not.toHaveProperty("__alone");
  expect(await given({ ...minimal, networks: [pulumi.output("net")] })).not.toHaveProperty("__alone");
  const web = { networks: { net: { aliases: [pulumi.output("shop")] } } };
  expect(await given({ ...minimal, processes: { web } })).not.toHaveProperty("__alone");
  expect(await given({ ...minimal, processes: pulumi.output({}) })).not.toHaveProperty("__alone");
  expect(await given({ ...minimal, image: Promise.resolve("shop:1") })).not.toHaveProperty("__alone");
  const resources = await registered(
    () => new Formation("shop", minimal, { dependsOn: new pulumi.ComponentResource("acme:index:Site", "site") }),
  );
  expect(resources.get(TYPE)).not.toHaveProperty("__alone");
  expect(await given({ ...minimal, network: "net" })).toHaveProperty("__alone", true);
});

test("a secret value of env stays secret, and nothing else becomes one", async () => {
  const inputs = await given({ ...minimal, env: { LOG: "debug", DATABASE_URL: pulumi.secret("postgres://shop") } });
  const secrets = Object.entries(inputs).filter(([, value]) => pulumi.runtime.isRpcSecret(value));
  expect(secrets).toEqual([
    ["env", expect.objectContaining({ value: { LOG: "debug", DATABASE_URL: "postgres://shop" } })],
  ]);
  expect(await given({ ...minimal, env: { LOG: "debug" } })).toMatchObject({ env: { LOG: "debug" } });
});

test("a type's env takes outputs, and a secret among them stays secret", async () => {
  const env = { LOG: pulumi.output("debug"), TOKEN: pulumi.secret("hunter2") };
  const inputs = await given({ image: "shop:1", processes: { web: { command: "npm start", env } } });
  const { processes } = inputs as { processes: unknown };
  expect(pulumi.runtime.isRpcSecret(processes)).toBe(true);
  expect(pulumi.runtime.unwrapRpcSecret(processes)).toMatchObject({ web: { env: { LOG: "debug", TOKEN: "hunter2" } } });
});

test("where the program has made an input secret is told beside it, however it came about", async () => {
  const procfile = pulumi.secret("web: serve --token=abcdefgh");
  const inputs = await given({
    image: pulumi.output("shop:1"),
    procfile,
    env: Promise.resolve({ A: "a" }),
    processes: { web: { port: pulumi.output(80).apply((port) => pulumi.secret(port)) } },
    hosts: [{ host: pulumi.interpolate`ssh://${pulumi.secret("a")}` }, { host: "ssh://b" }],
  });
  expect(inputs).toMatchObject({ __secrets: [["procfile"], ["processes", "web", "port"], ["hosts", "0", "host"]] });
  expect(await given(minimal)).not.toHaveProperty("__secrets");
});

test("what is known only at up stays unknown in a preview, at any depth", async () => {
  const unknown = pulumi.output(pulumi.unknown as string);
  const inputs = await given({ ...minimal, image: unknown, env: { VERSION: unknown } }, {}, true);
  expect(inputs).toMatchObject({ image: pulumi.unknown, env: { VERSION: pulumi.unknown } });
});

test("a password that is known only at up takes no other input with it, and stays secret", async () => {
  const registryAuth = [{ address: "r", username: "u", password: pulumi.output(pulumi.unknown as string) }];
  expect(await given({ ...minimal, registryAuth }, {}, true)).toMatchObject({
    registryAuth: { value: [{ address: "r", username: "u", password: pulumi.unknown }] },
  });
  const known = await given({ ...minimal, registryAuth: [{ address: "r", username: "u", password: "p" }] });
  expect(pulumi.runtime.isRpcSecret(known["registryAuth"])).toBe(true);
});

// As of ECR, whose token is a resource's output as a whole.
test("a registry may be made of outputs, at any depth", async () => {
  const token = pulumi.output({ proxyEndpoint: "https://r.test", userName: "AWS", password: "p" });
  const entry = { address: token.proxyEndpoint, username: token.userName, password: token.password };
  const plain = { address: "https://r.test", username: "AWS", password: "p" };
  for (const registryAuth of [[entry], [pulumi.output(entry)], pulumi.output([entry]), [Promise.resolve(entry)]]) {
    const inputs = await given({ ...minimal, registryAuth });
    expect(pulumi.runtime.isRpcSecret(inputs["registryAuth"])).toBe(true);
    expect(inputs["registryAuth"]).toMatchObject({ value: [plain] });
  }
  const later = pulumi.output(pulumi.unknown as typeof plain);
  const unknown = await given(
    { ...minimal, registryAuth: [{ address: later.address, username: "AWS", password: later.password }] },
    {},
    true,
  );
  expect(unknown).toMatchObject({
    registryAuth: { value: [{ address: pulumi.unknown, username: "AWS", password: pulumi.unknown }] },
  });
});

test("procfilePath is read, from the program's folder, into procfile", async () => {
  const inputs = await given({ image: "shop:1", procfilePath: "./Procfile" });
  expect(inputs).toMatchObject({ procfile: readFileSync(join(folder, "Procfile"), "utf8") });
  expect(inputs).not.toHaveProperty("procfilePath");
});

test.each<[string, FormationArgs, string]>([
  [
    "procfilePath beside procfile",
    { ...minimal, procfile: "web: npm start", procfilePath: "./Procfile" },
    "procfilePath and procfile are both given: give one of them",
  ],
  [
    "a procfilePath that leads nowhere",
    { ...minimal, procfilePath: "Procfiel" },
    `procfilePath is "Procfiel", which is ${join(folder, "Procfiel")}: no such file: create it, or correct the path`,
  ],
])("%s is refused", async (_, args, why) => {
  const refused = await given(args).catch((error: unknown) => error);
  expect(refused).toEqual(new pulumi.RunError(why));
  // For any other error Pulumi shows a stack trace of our code, as if it were to blame.
  expect(pulumi.RunError.isInstance(refused)).toBe(true);
});
