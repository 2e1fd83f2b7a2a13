import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain } from "../../../../provider/core/values/errors";
import { surroundingEngine } from "../../../../provider/engine/connect/find-engine";

// The configuration that names the current context holds passwords, too.

const folder = mkdtempSync(join(tmpdir(), "docker-config-"));
const file = join(folder, "config.json");
const env = { DOCKER_CONFIG: folder };
afterAll(() => rmSync(folder, { recursive: true }));

function engineFor(more: Readonly<Record<string, string>>): string {
  try {
    return surroundingEngine(undefined, { ...env, ...more }).source;
  } catch (error) {
    return explain(error);
  }
}

test("a broken configuration is refused where it may name an engine, without a word of it", () => {
  writeFileSync(file, '{"auths": {"r": {"auth": "canary"} "currentContext": "b"}');
  expect(engineFor({})).toBe(`${file} is not JSON: correct it, as the docker command needs it, too`);
  expect(engineFor({ DOCKER_HOST: "unix:///a" })).toBe("DOCKER_HOST");
  expect(engineFor({ DOCKER_CONTEXT: "default" })).toBe("the default");
  expect(engineFor({ DOCKER_CONTEXT: "gone" })).toMatch(/^docker context gone is not there/);
});

test("a configuration without a context, or none at all, leads to the default", () => {
  for (const text of ["{}", "null", '{"currentContext": null}']) {
    writeFileSync(file, text);
    expect(engineFor({})).toBe("the default");
  }
  rmSync(file);
  expect(engineFor({})).toBe("the default");
});
