import { parseProcfile } from "../../../../../provider/core/inputs/procfile";
import { TYPE_NAME_RULE } from "../../../../../provider/core/values/names";

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

test.each(["worker_critical", "Sidekiq", "WEB", "worker-2", "A_b-C__d", "1", "sidekiq_invoice_outbound"])(
  "%s is a type, as on Heroku",
  (type) => {
    expect(parseProcfile(`${type}: a`, "Procfile")).toEqual({ ok: true, commands: new Map([[type, "a"]]) });
  },
);

test.each([
  ["<<<<<<< HEAD", 'Procfile:1: "<<<<<<< HEAD" is not a line "type: command", a # comment or blank'],
  ["web: a\nweb: b", 'Procfile:2: "web" stands on line 1 already: each type has one line'],
  ["web:", 'Procfile:1: "web" has no command: write "web: command"'],
  ["_web: a", `Procfile:1: "_web" is not a process type: use ${TYPE_NAME_RULE}`],
  ["-v: a", `Procfile:1: "-v" is not a process type: use ${TYPE_NAME_RULE}`],
  ["web;rm -rf /: a", 'Procfile:1: "web;rm -rf /: a" is not a line "type: command", a # comment or blank'],
])("%j is refused with its line", (text, fault) => {
  expect(parseProcfile(text, "Procfile")).toEqual({ ok: false, faults: [fault] });
});
