import * as fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { findProject } from "../../../../cli/project/project";
import { edited, type Edit } from "../../../../cli/project/stack-config";

const project = { configFile: "Pulumi.dev.yaml", defaults: {} };
const json = { configFile: "Pulumi.dev.json", defaults: {} };
const edit: Edit = { key: "formation:scale", app: "shop", set: { web: 3 } };

describe("every other byte stays", () => {
  test.each([
    [
      "line ends of Windows",
      "config:\r\n  a:b: c\r\n",
      "config:\r\n  a:b: c\r\n  formation:scale:\r\n    shop:\r\n      web: 3\r\n",
    ],
    [
      "a comment under an empty config",
      "config:\n  # none yet\n",
      "config:\n  formation:scale:\n    shop:\n      web: 3\n  # none yet\n",
    ],
    [
      "spaces, empty lines and indented lists",
      "config:\n    p:l:\n        -   1\n        -   {a:   1}\n\n\n    p:m:   x    # why\n",
      "config:\n    p:l:\n        -   1\n        -   {a:   1}\n\n\n    p:m:   x    # why\n    formation:scale:\n        shop:\n            web: 3\n",
    ],
    [
      "an anchor that nobody uses",
      "config:\n  formation:scale:\n    shop: &shop\n      web:   1   # Friday\n",
      "config:\n  formation:scale:\n    shop: &shop\n      web:   3   # Friday\n",
    ],
    [
      "a map in one line",
      "config: {a: 1,   formation:scale: {shop: {web: 1, worker: 2}}}\n",
      "config: {a: 1,   formation:scale: {shop: {web: 3, worker: 2}}}\n",
    ],
    [
      "an empty map in one line",
      "config:\n  formation:scale: {shop: {}}\n",
      "config:\n  formation:scale: {shop: { web: 3 }}\n",
    ],
    [
      "a quantity that is missing",
      "config:\n  formation:scale:\n    shop:\n      web: # how many?\n      worker: 1\n",
      "config:\n  formation:scale:\n    shop:\n      web: 3 # how many?\n      worker: 1\n",
    ],
    [
      "text of many lines at the end",
      "config:\n  a:b: |\n    x\n\n    y\n",
      "config:\n  a:b: |\n    x\n\n    y\n  formation:scale:\n    shop:\n      web: 3\n",
    ],
    ["no line end at the end", "config:\n  a:b: c", "config:\n  a:b: c\n  formation:scale:\n    shop:\n      web: 3"],
    [
      "an alias for another app's",
      "config:\n  formation:scale:\n    blog: &b\n      web: 1\n    shop: *b\n",
      "config:\n  formation:scale:\n    blog: &b\n      web: 1\n    shop:\n      web: 3\n",
    ],
    [
      "what stands after config",
      "config:\n  a:b: c\nencryptionsalt: v1:x\n",
      "config:\n  a:b: c\n  formation:scale:\n    shop:\n      web: 3\nencryptionsalt: v1:x\n",
    ],
  ])("%s", (_, before, after) => {
    expect(edited(before, edit, project)).toBe(after);
  });

  test("an app and a type that look like something else are text", () => {
    const text = edited("config:\n  formation:scale:\n    123:\n      web: 1\n", { ...edit, app: "123" }, project);
    expect(text).toBe("config:\n  formation:scale:\n    123:\n      web: 3\n");
    expect(edited("", { ...edit, app: "123", set: { no: 1 } }, project)).toContain('    "123":\n      "no": 1\n');
  });

  test("whatever else a file says, and however it is written", () => {
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    const scalar = fc.oneof(
      fc.constantFrom(
        "01234",
        "1234567890123456789",
        "0x1F",
        "~",
        "yes",
        "2026-11-27",
        "'it''s'",
        '"a\\tb"',
        "1e3",
        ".5",
      ),
      fc.stringMatching(/^[a-z][a-z ]{0,10}[a-z]$/),
    );
    const comment = fc.constantFrom("", "", " # why", "   #");
    const line = fc.tuple(key, key, scalar, comment).map(([a, b, value, why]) => `${a}:${b}: ${value}${why}`);
    const nest = fc
      .tuple(key, key, fc.array(scalar, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 2 }))
      .map(([a, b, items, more]) => [`${a}:${b}:`, ...items.map((item) => `${" ".repeat(more)}- ${item}`)].join("\n"));
    const text = fc.tuple(key, key).map(([a, b]) => `${a}:${b}: |\n    one\n\n    # no comment`);
    const own = fc.constantFrom(
      "formation:scale:\n  shop:\n    web: 1 # why\n    worker: 2",
      "formation:scale: { shop: { web: 1 }, blog: { web: 2 } }",
      'formation:scale: \'{"shop":{"web":2}}\'',
      "formation:scale:\n  blog:\n     web: 2\n  # none of ours",
      "formation:scale:",
    );
    const entry = fc.oneof(line, nest, text, fc.constantFrom("", "# a comment"));
    const file = fc.tuple(
      fc.array(entry, { maxLength: 5 }),
      fc.option(own),
      fc.array(entry, { maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(file, ([first, ours, then, indent, isWindows]) => {
        const entries = [...first, ...(ours === null ? [] : [ours]), ...then];
        const lines = entries
          .flatMap((one) => one.split("\n"))
          .map((one) => (one === "" ? "" : " ".repeat(indent) + one));
        const unix = ["encryptionsalt: v1:x", "config:", ...lines, ""].join("\n");
        const before = isWindows ? unix.replaceAll("\n", "\r\n") : unix;
        fc.pre(parseDocument(before).errors.length === 0);
        const after = edited(before, edit, project);
        const kept = before.split("\n").filter((one) => !/formation:scale|web: /.test(one));
        for (const one of kept) expect(after.split("\n")).toContain(one);
        if (isWindows) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
        const said = parseDocument(after).toJS() as { config: Record<string, { shop: { web: number } }> };
        expect(said.config["formation:scale"]?.shop.web).toBe(3);
        // Text written by a printer of YAML is edited without a fault, too.
        expect(edited(edited(stringify(said), edit, project), edit, project)).toContain("web: 3");
      }),
    );
  });
});

test("what would change more than was asked for is refused", () => {
  const shared = "config:\n  formation:scale:\n    shop: &s\n      web: 1\n    blog: *s\n";
  expect(() => edited(shared, edit, project)).toThrow(
    /Pulumi\.dev\.yaml: formation:scale\.shop\.web cannot be changed/,
  );
});

describe("a JSON file stays one", () => {
  test.each([
    [
      "",
      '{\n    "config": {\n        "formation:scale": {\n            "shop": {\n                "web": 3\n            }\n        }\n    }\n}\n',
    ],
    [
      '{"config":{"a:b":12345678901234567890}}',
      '{"config":{"a:b":12345678901234567890, "formation:scale": { "shop": { "web": 3 } }}}',
    ],
    [
      '{\n  "config": {\n    "a:b": "c"\n  }\n}\n',
      '{\n  "config": {\n    "a:b": "c",\n    "formation:scale": { "shop": { "web": 3 } }\n  }\n}\n',
    ],
    ["{}", '{ "config": { "formation:scale": { "shop": { "web": 3 } } } }'],
  ])("%j", (before, after) => {
    expect(edited(before, edit, json)).toBe(after);
    JSON.parse(after);
  });
});

describe("an entry is given back", () => {
  test.each([
    [
      "one of several",
      "config:\n  formation:scale:\n    shop:\n      web: 3 # ours\n      worker: 1\n  a:b: c\n",
      "config:\n  formation:scale:\n    shop:\n      worker: 1\n  a:b: c\n",
    ],
    [
      "the only one",
      "config:\n  a:b: c # why\n  formation:scale:\n    shop:\n      web: 3\n",
      "config:\n  a:b: c # why\n",
    ],
    [
      "the only one of an app",
      "config:\n  formation:scale:\n    shop:\n      web: 3\n    blog:\n      web: 1\n",
      "config:\n  formation:scale:\n    blog:\n      web: 1\n",
    ],
    [
      "in one line",
      "config:\n  formation:scale: { shop: { worker: 1, web: 3 } }\n",
      "config:\n  formation:scale: { shop: { worker: 1 } }\n",
    ],
    [
      "the first in one line",
      "config:\n  formation:scale: { shop: { web: 3,  worker: 1 } }\n",
      "config:\n  formation:scale: { shop: { worker: 1 } }\n",
    ],
    ["one that is not there", "config:\n  a:b: c\n", "config:\n  a:b: c\n"],
  ])("%s", (_, before, after) => {
    expect(edited(before, { ...edit, set: {}, unset: ["web"] }, project)).toBe(after);
  });
});

test.each(["yaml", "yml", "json"])("the stack's file has the ending of the project's: %s", (end) => {
  const folder = mkdtempSync(join(tmpdir(), "formation-unit-"));
  try {
    writeFileSync(join(folder, `Pulumi.${end}`), end === "json" ? '{"name":"p","runtime":"nodejs"}' : "name: p\n");
    expect(findProject(folder, "dev", {}).configFile).toBe(join(folder, `Pulumi.dev.${end}`));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
