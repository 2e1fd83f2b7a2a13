import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeConfigDraft } from "../../../../cli/change/config-draft";
import type { CliContext } from "../../../../cli/context";
import { lockFile } from "../../../../cli/change/lock";
import { findProject } from "../../../../cli/project/project";
import { previewWithPulumi } from "../../../../cli/update/preview";
import { configValue } from "../../../../cli/project/stack-config";

// A stack whose configuration lies elsewhere than Pulumi looks for it.

const root = realpathSync(mkdtempSync(join(tmpdir(), "formation-config-file-")));
const env = { PATH: `${join(root, "bin")}:${process.env["PATH"]}`, PULUMI_HOME: root };
afterAll(() => rmSync(root, { recursive: true }));

beforeAll(() => {
  for (const folder of ["bin", "project", "ops"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "project/Pulumi.yaml"), "name: p\nbackend:\n  url: file://.\n");
  writeFileSync(join(root, "ops/prod.yaml"), "config:\n  formation:host:\n    secure: AAA\n");
  writeFileSync(join(root, "bin/pulumi"), `#!/bin/sh\necho "$*" >> ${root}/asked\nexit 1\n`, { mode: 0o755 });
});

const project = () => findProject(join(root, "project"), "prod", env, "../ops/prod.yaml");

test("is read, written and locked where it is", () => {
  const { configFile } = project();
  expect(configFile).toBe(join(root, "ops/prod.yaml"));
  const edit = { key: "formation:scale", app: "shop", set: { web: 3 } } as const;
  const candidate = writeConfigDraft(project(), edit);
  expect(candidate.file).toBe(join(root, "ops/.candidate.prod.yaml"));
  candidate.discard();
  expect(lockFile(project())).toBe(join(root, "ops/.prod.yaml.lock"));
});

test("is named to Pulumi, which would take another", async () => {
  expect(findProject(join(root, "project"), "prod", env).configArguments).toEqual([]);
  await configValue(project(), "formation:host", env);
  const context = { env, project } as unknown as CliContext;
  await expect(previewWithPulumi(context)).rejects.toThrow("pulumi ended without a word");
  const asked = readFileSync(join(root, "asked"), "utf8").trimEnd().split("\n");
  const file = `--config-file ${join(root, "ops/prod.yaml")}`;
  expect(asked).toEqual([
    `config get formation:host ${file} --stack prod --non-interactive --color=never`,
    `preview --json ${file} --stack prod --non-interactive --color=never`,
  ]);
});
