import { Argument, type Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion";
import type { CliContext } from "../context";

const EXAMPLES = `
Examples:
  formation completion bash >> ~/.bashrc
  formation completion zsh > "\${fpath[1]}/_formation"
  formation completion fish > ~/.config/fish/completions/formation.fish`;

export function register(program: Command, context: CliContext): void {
  program
    .command("completion")
    .description("print what makes a shell complete the words of this command")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", EXAMPLES)
    .action((shell: Shell) => context.out(completionScript(program, shell).trimEnd()));
}
