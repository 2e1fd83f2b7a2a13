import { CommanderError } from "commander";
import type { CliContext } from "../../../cli/context";
import { EXIT_HELP, reportFailure } from "../../../cli/terminal/exit";
import { commandsFor, createProgram } from "../../../cli/program";
import { FormationError } from "../../../provider/core/values/errors";

// Command lines are read, refused or explained before anything is done.

/** @returns the output, and the exit code */
async function line(...args: string[]): Promise<{ readonly said: string; readonly code: number }> {
  let said = "";
  const note = (text: string) => (said += `${text}\n`);
  const program = createProgram("0.0.0").configureOutput({ writeOut: note, writeErr: note });
  let command: string | undefined;
  program.hook("preSubcommand", (_, meant) => {
    command = meant.name();
  });
  try {
    for (const register of await commandsFor(args)) register(program, {} as CliContext);
    await program.parseAsync(args, { from: "user" });
    return { said, code: 0 };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { said, code: reportFailure(error, { debug: false, command, note }) };
  }
}

test.each([
  [["history", "-n", "abc"], "Give a number, 1 or more."],
  [["history", "-n", "-5"], "Give a number, 1 or more."],
  [["history", "-n", "2.5"], "Give a number, 1 or more."],
  [["logs", "-n", "2.5"], "Give a number of lines, 0 or more."],
  [["wait", "--timeout", "soon"], "Give a time such as 30s or 5m; a number alone counts seconds."],
  [["monitor", "write", "m", "--for", "soon"], "Give a time such as 30s or 5m; a number alone counts seconds."],
  [["monitor", "write", "m", "--near", "120"], "Give a percentage between 0 and 100, such as 80."],
  [["scale", "web=1", "--wait", "soon"], "Give a time such as 30s or 5m; a number alone counts seconds."],
])("%j is refused", async (args, why) => {
  expect(await line(...args)).toEqual({ said: expect.stringContaining(why) as string, code: 64 });
});

test("options of a program that is run stand after --, and a failure of run has a code of its own", async () => {
  expect(await line("run", "ls", "-la")).toEqual({
    said: expect.stringContaining("options of a program stand after --, as in formation run -- ls -la") as string,
    code: 125,
  });
});

test("every command's help has the options of all, and defaults as they are typed", async () => {
  const { said, code } = await line("wait", "--help");
  expect(code).toBe(0);
  for (const option of ["--app <name>", "--stack <name>", "--cwd <folder>", "(default: 5m)"])
    expect(said).toContain(option);
});

test.each([
  ["InvalidInput", "scale", 64],
  ["Locked", "scale", 75],
  ["Overtaken", "scale", 3],
  ["Interrupted", "scale", 130],
  ["HostUnreachable", "scale", 1],
  ["HostUnreachable", "run", 125],
  ["InvalidInput", "run", 125],
] as const)("%s of %s", (code, command, exit) => {
  const error = new FormationError(code, "no");
  expect(reportFailure(error, { debug: false, command, note: () => undefined })).toBe(exit);
  if (exit !== 1) expect(EXIT_HELP).toContain(`\n  ${exit} `);
});
