#!/usr/bin/env node
import "./runtime/compile-cache";
import { join } from "node:path";
import { createContext } from "./context";
import { reportFailure } from "./terminal/exit";
import { readJson } from "./project/files";
import { commandsFor, createProgram } from "./program";

async function main(args: readonly string[]): Promise<void> {
  // A reader such as head that closes the pipe early is no error, and a running update goes on to its end.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount("error") === 1) process.exit(error.code === "EPIPE" ? process.exitCode : 1);
  });
  // A closed stderr is no reason to leave a change half done.
  process.stderr.on("error", () => undefined);
  const { version } = readJson(join(__dirname, "../../package.json")) as { version: string };
  const program = createProgram(version);
  const context = createContext(program);
  let command: string | undefined;
  program.hook("preSubcommand", (_, meant) => {
    command = meant.name();
  });
  try {
    for (const register of await commandsFor(args)) register(program, context);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const { debug = false } = program.opts<{ debug?: boolean }>();
    process.exitCode = reportFailure(error, { debug, command, note: context.note });
  }
}

void main(process.argv.slice(2));
