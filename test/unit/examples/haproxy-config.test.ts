import { spawnSync } from "node:child_process";
import { join } from "node:path";

const script = join(__dirname, "../../../examples/haproxy/haproxy-config.mjs");

function configOf(backends: unknown, ...options: string[]) {
  return spawnSync(process.execPath, [script, ...options], { input: JSON.stringify(backends), encoding: "utf8" });
}

test("every backend of the type becomes a server that is checked", () => {
  const web = ["10.0.0.1:20000", "[::1]:20001"];
  const { stdout } = configOf({ web, api: ["10.0.0.1:20100"] }, "--listen", "0.0.0.0:80", "--check", "/healthz");
  expect(stdout).toMatch(/frontend web\n {2}bind 0\.0\.0\.0:80\n {2}default_backend web\n/);
  expect(stdout).toContain("option httpchk GET /healthz\n");
  expect(stdout.match(/^ {2}server .*$/gm)).toEqual([
    "  server 10.0.0.1_20000 10.0.0.1:20000",
    "  server ___1__20001 [::1]:20001",
  ]);
});

test("a type without backends is an error that names those that have some", () => {
  expect(configOf({ api: [] }, "--type", "web")).toMatchObject({
    status: 1,
    stdout: "",
    stderr: "backends has no web: it has api\n",
  });
});

test("of backends by host, one host's are taken", () => {
  const byHost = { web: { a: ["127.0.0.1:20000"], b: ["127.0.0.1:20000", "127.0.0.1:20002"] } };
  expect(configOf(byHost, "--host", "b").stdout.match(/^ {2}server .*$/gm)).toEqual([
    "  server 127.0.0.1_20000 127.0.0.1:20000",
    "  server 127.0.0.1_20002 127.0.0.1:20002",
  ]);
  expect(configOf(byHost, "--host", "c").stderr).toBe("backends has no c: it has a, b\n");
  expect(configOf(byHost).stderr).toBe("these are backends by host: give --host, one of a, b\n");
});
