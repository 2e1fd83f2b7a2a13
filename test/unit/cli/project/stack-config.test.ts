import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeConfigDraft } from "../../../../cli/change/config-draft";
import { edited, byAppIn, type Edit } from "../../../../cli/project/stack-config";
import type { Project } from "../../../../cli/project/project";

const folder = mkdtempSync(join(tmpdir(), "formation-unit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const project = { configFile: join(folder, "Pulumi.dev.yaml"), defaults: {} } as Project;
const edit: Edit = { key: "formation:scale", app: "shop", set: { web: 3 } };

test.each([
  ["an empty file", "", "config:\n  formation:scale:\n    shop:\n      web: 3\n"],
  ["an empty config", "config:\n", "config:\n  formation:scale:\n    shop:\n      web: 3\n"],
  [
    "comments, another app, another key and a secret",
    "# ours\nencryptionsalt: v1:x=:v1:y:z==\nconfig:\n  shop:token:\n    secure: v1:abc\n  formation:scale:\n    other: { web: 1 } # theirs\n    shop:\n      # on call: eve\n      web: 2\n      worker: 1\n",
    "# ours\nencryptionsalt: v1:x=:v1:y:z==\nconfig:\n  shop:token:\n    secure: v1:abc\n  formation:scale:\n    other: { web: 1 } # theirs\n    shop:\n      # on call: eve\n      web: 3\n      worker: 1\n",
  ],
  [
    "the text that pulumi config set writes without --path",
    `config:\n  formation:scale: '{"shop":{"worker":1}}'\n`,
    "config:\n  formation:scale:\n    shop:\n      worker: 1\n      web: 3\n",
  ],
])("%s", (_, before, after) => {
  expect(edited(before, edit, project)).toBe(after);
});

test("what others have written stays as it is written, and so does what stands beside the number", () => {
  const others =
    "  p:ids: [ 1234567890123456789, 12345678901234567890123 ]\n  p:zip: 01234\n  p:mode: 0777\n  p:hex: 0x1F\n  p:big: 1e3\n  p:yes: yes\n  p:none: ~\n  p:day: 2026-11-27\n  p:half: .5\n  p:text: '3'\n";
  const before = `config:\n${others}  formation:scale:\n    shop:\n      web: 1 # Black Friday\n`;
  expect(edited(before, edit, project)).toBe(before.replace("web: 1", "web: 3"));
});

test("a file with the marks of a merge is refused, with the line", () => {
  const text = "config:\n<<<<<<< HEAD\n  a:b: c\n=======\n  a:b: d\n>>>>>>> other\n";
  expect(() => edited(text, edit, project)).toThrow(/Pulumi\.dev\.yaml:\d+: /);
});

test("a JSON file stays one", () => {
  const text = edited('{ "config": { "formation:scale": { "shop": { "web": 2 } } } }', edit, project);
  expect(JSON.parse(text)).toEqual({ config: { "formation:scale": { shop: { web: 3 } } } });
});

test("a time is written as text, which no reader of YAML takes for anything else", () => {
  const restart: Edit = { key: "formation:restartedAt", app: "shop", set: { "web.2": "2026-11-23T15:04:05.000Z" } };
  expect(edited("", restart, project)).toContain('      web.2: "2026-11-23T15:04:05.000Z"\n');
});

test("what Pulumi.yaml says for every stack is kept beside what is changed", () => {
  const defaults = { "formation:scale": { shop: { worker: 4 }, other: { web: 1 } } };
  const text = edited("", edit, { ...project, defaults });
  expect(byAppIn(text, "formation:scale", project)).toEqual({ shop: { worker: 4, web: 3 }, other: { web: 1 } });
});

test.each(["config:\n  formation:scale: 3\n", "config:\n  formation:scale:\n    secure: v1:abc\n"])(
  "%j is refused",
  (text) => {
    expect(() => edited(text, edit, project)).toThrow(/formation:scale in .*Pulumi.dev.yaml is not an object/);
  },
);

describe("a candidate", () => {
  beforeEach(() => {
    rmSync(project.configFile, { force: true });
    writeFileSync(project.configFile, "config:\n  a:b: c\n");
    chmodSync(project.configFile, 0o600);
  });

  test("leaves the file alone until it is kept", () => {
    const candidate = writeConfigDraft(project, edit);
    expect(readFileSync(project.configFile, "utf8")).toBe("config:\n  a:b: c\n");
    candidate.discard();
    expect(existsSync(candidate.file)).toBe(false);
    expect(readFileSync(project.configFile, "utf8")).toBe("config:\n  a:b: c\n");
  });

  test("takes its place with its mode, and what was edited meanwhile stays", () => {
    const candidate = writeConfigDraft(project, edit);
    writeFileSync(project.configFile, "config:\n  a:b: d\n");
    candidate.keep();
    expect(existsSync(candidate.file)).toBe(false);
    expect(readFileSync(project.configFile, "utf8")).toBe(
      "config:\n  a:b: d\n  formation:scale:\n    shop:\n      web: 3\n",
    );
    expect(statSync(project.configFile).mode & 0o777).toBe(0o600);
  });

  test("is kept behind a link", () => {
    const link = join(folder, "Pulumi.link.yaml");
    symlinkSync(project.configFile, link);
    writeConfigDraft({ ...project, configFile: link }, edit).keep();
    expect(readFileSync(project.configFile, "utf8")).toContain("web: 3");
    expect(readFileSync(link, "utf8")).toContain("web: 3");
  });
});
