import { parseProcfile } from "../../../../../provider/core/inputs/procfile";

test("types in their order, comments and blank lines aside", () => {
  const parsed = parseProcfile("# app\nweb: npm start\r\n\nworker:node worker.js --q 'a: b'\n", "Procfile");
  expect(parsed).toEqual({
    ok: true,
    commands: new Map([
      ["web", "npm start"],
      ["worker", "node worker.js --q 'a: b'"],
    ]),
  });
});

test.each([
  ["<<<<<<< HEAD", 'Procfile:1: "<<<<<<< HEAD" is not a line "type: command", a # comment or blank'],
  ["web: a\nweb: b", 'Procfile:2: "web" stands on line 1 already: each type has one line'],
  ["web:", 'Procfile:1: "web" has no command: write "web: command"'],
  ["Web: a", 'Procfile:1: "Web" is not a process type: use 1 to 63 of a-z, 0-9 and -, not starting or ending with -'],
  ["-v: a", 'Procfile:1: "-v" is not a process type: use 1 to 63 of a-z, 0-9 and -, not starting or ending with -'],
  ["web;rm -rf /: a", 'Procfile:1: "web;rm -rf /: a" is not a line "type: command", a # comment or blank'],
])("%j is refused with its line", (text, fault) => {
  expect(parseProcfile(text, "Procfile")).toEqual({ ok: false, faults: [fault] });
});
