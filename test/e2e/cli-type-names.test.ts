import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CliApp } from "../support/cli-app";
import { formation } from "../support/formation-command";

// Types as Heroku has them, from a Procfile and an app.json beside the program's folder, on the command line.

const beside = mkdtempSync(join(tmpdir(), "formation-e2e-"));
const app = new CliApp();
const run = (...args: string[]) => formation(app.stack, ...args);
const path = (file: string) => JSON.stringify(`../${basename(beside)}/${file}`);

beforeAll(async () => {
  writeFileSync(
    join(beside, "Procfile"),
    "web: sleep 1000\nworker_critical: echo critical; exec sleep 1000\nSidekiq: sleep 1000\n",
  );
  writeFileSync(join(beside, "app.json"), JSON.stringify({ formation: { worker_critical: { quantity: 1 } } }));
  await app.create(`update: { monitor: 0 }, procfilePath: ${path("Procfile")}, appJsonPath: ${path("app.json")}`);
});
afterAll(async () => {
  rmSync(beside, { recursive: true });
  await app.remove();
});

test("they are scaled, shown, restarted and recorded by their own names", async () => {
  expect(await run("scale")).toEqual({ code: 0, stdout: "web=1 worker_critical=1 Sidekiq=0\n", stderr: "" });
  expect(await run("scale", "worker_critical+1", "Sidekiq=1")).toEqual({
    code: 0,
    stdout:
      "Scaling worker_critical processes... done, now running 2\nScaling Sidekiq processes... done, now running 1\n",
    stderr: "",
  });
  expect(app.config()).toContain(`    ${app.name}:\n      worker_critical: 2\n      Sidekiq: 1\n`);
  expect(await run("scale", "sidekiq=1")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("has no process type sidekiq: it has web, worker_critical, Sidekiq") as string,
  });

  const before = await app.processes();
  expect(Object.keys(before)).toEqual(["Sidekiq.1", "web.1", "worker_critical.1", "worker_critical.2"]);
  expect((await run("ps", "worker_critical.2", "Sidekiq")).stdout).toMatch(
    /^worker_critical\.2 +up for.*\nSidekiq\.1 +up for.*\n\nworker_critical 1\/2, Sidekiq 1\/1\n$/m,
  );
  expect((await run("logs", "worker_critical.1")).stdout).toMatch(/app\[worker_critical\.1\]: critical\n$/);
  expect(await run("restart", "worker_critical.2")).toMatchObject({ code: 0 });
  const after = await app.processes();
  expect(after["worker_critical.2"]).not.toBe(before["worker_critical.2"]);
  expect({ ...after, "worker_critical.2": "" }).toEqual({ ...before, "worker_critical.2": "" });

  expect((await run("words", "names")).stdout.split("\n")).toEqual(
    expect.arrayContaining(["worker_critical", "worker_critical.2", "Sidekiq", "Sidekiq.1"]),
  );
  expect((await run("words", "quantities")).stdout).toBe("web=1\nworker_critical=2\nSidekiq=1\n");
  expect((await run("history")).stdout).toContain("worker_critical=1 → worker_critical=2, Sidekiq=0 → Sidekiq=1");
});
