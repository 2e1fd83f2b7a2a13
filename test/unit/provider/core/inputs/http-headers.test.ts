import * as pulumi from "@pulumi/pulumi";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Observation } from "../../../../../cli/observe/observe";
import { answerer } from "../../../../../cli/metrics/answers";
import { parseSpec } from "../../../../../provider/core/guards/declaration";
import { UNKNOWN } from "../../../../../provider/core/values/unknown";
import { httpFailure } from "../../../../../provider/orchestrators/docker/container/http-check";
import { check } from "../../../../../provider/lifecycle";
import { shown } from "../../../../../provider/pulumi/shown";
import type { FormationArgs } from "../../../../../sdk";
import { secretPaths } from "../../../../../sdk/secret-paths";
import { surroundings } from "../../../../support/surroundings";

// A check over HTTP sends the headers of the app's clients: the host name that they use, and all that the app demands.

const TOKEN = "Bearer s3cr3t-t0ken";
let server: Server;
let asked: IncomingHttpHeaders = {};

beforeAll(async () => {
  // Some frameworks answer only requests with their own host name.
  server = createServer((request, response) => {
    asked = request.headers;
    const isGood = request.headers.host === "shop.example.com" && request.headers.authorization === TOKEN;
    response.writeHead(isGood ? 200 : 400).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

const inputs = (headers: object) => ({
  image: "shop:1",
  processes: { web: { command: "run", port: 80, health: { path: "/up", headers } } },
});
const HEADERS = { Host: "shop.example.com", authorization: TOKEN };
const portOf = () => (server.address() as AddressInfo).port;

function checkOf(headers: object) {
  const parsed = parseSpec(inputs(headers), "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec.types[0]!.http!;
}

test("an app that answers its own name only is asked by that name", async () => {
  const { port } = server.address() as AddressInfo;
  expect(await httpFailure("127.0.0.1", port, checkOf({}))).toBe("status 400");
  expect(asked).toMatchObject({ host: `127.0.0.1:${port}`, "user-agent": "pulumi-formation" });
  expect(await httpFailure("127.0.0.1", port, checkOf(HEADERS))).toBeUndefined();
  await httpFailure("127.0.0.1", port, checkOf({ "user-agent": "probe", host: "a" }));
  expect(asked).toMatchObject({ host: "a", "user-agent": "probe" });
});

test("the exporter asks with the same headers", async () => {
  const containers = [
    { container: "c1", type: "web", state: "running", published: { address: "127.0.0.1", port: portOf() } },
  ];
  const looks = [{ kind: "seen", viewer: { address: "unix:///a" }, containers }] as unknown as readonly Observation[];
  expect(await answerer()(inputs(HEADERS), looks)).toEqual(new Set());
  expect(await answerer()(inputs({}), looks)).toEqual(new Set(["c1"]));
  // A type whose header is an unreadable secret is not checked; the other types are.
  const sealed = inputs({ authorization: Symbol("secret") });
  const others = { ...sealed, processes: { ...sealed.processes, api: inputs({}).processes.web } };
  const [one] = containers;
  const api = [{ ...one!, container: "c2", type: "api" }, one];
  const both = [{ ...looks[0]!, containers: api }] as unknown as readonly Observation[];
  expect(await answerer()(others, both)).toEqual(new Set(["c2"]));
});

test("a value that is known only at up is no fault", () => {
  expect(check({}, { app: "shop", ...inputs({ Host: UNKNOWN }) }, surroundings()).faults).toEqual([]);
});

test("a value that is no header's, or that the program has made secret, is not shown", () => {
  const bad = { app: "shop", ...inputs({ authorization: `${TOKEN}\r\nX: y` }) };
  const { faults } = check({}, bad, surroundings());
  expect(faults.join()).toMatch(/^processes\.web\.health\.headers\.authorization is not 1 to 4096 visible/);
  expect(faults.join()).not.toContain("s3cr3t");
  const secret = { ...inputs(HEADERS), __secrets: [["processes", "web", "health", "headers", "authorization"]] };
  expect(shown(`web.1 on a: its last lines:\nGET /up ${TOKEN}`, secret)).not.toContain("s3cr3t");
});

test("a program may make one value secret, and nothing else becomes so", async () => {
  const args: FormationArgs = {
    image: "shop:1",
    processes: {
      web: {
        port: 80,
        health: { path: "/up", headers: { Host: "shop.example.com", authorization: pulumi.secret(TOKEN) } },
      },
    },
  };
  const paths = await new Promise((resolve) => secretPaths(args).apply(resolve));
  expect(paths).toEqual([["processes", "web", "health", "headers", "authorization"]]);
});
