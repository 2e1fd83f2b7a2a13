import type { Command } from "commander";
import type { CliContext } from "../context";

export function register(program: Command, context: CliContext): void {
  program
    .command("scale")
    .description("change how many processes of a type run")
    .argument("[type=quantity...]", "web=2, web+1 or worker-1; without any, the formation is printed")
    .action(async () => context.out(JSON.stringify(await context.formation())));
}
