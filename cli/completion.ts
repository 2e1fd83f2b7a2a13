import type { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What can be typed after each command. */
interface Words {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
}

/** Commands that take process types, which are asked of the stack; `scale` takes them with their quantities. */
const TAKE_TYPES = ["restart", "ps", "logs", "wait"];

export function completionScript(program: Command, shell: Shell): string {
  const globals = optionsOf(program);
  const commands = program.commands.map((command): Words => ({
    name: command.name(),
    description: command.description(),
    options: [...optionsOf(command), ...globals],
  }));
  return scripts[shell](commands, globals);
}

function optionsOf(command: Command): string[] {
  return [...command.options.map((option) => option.long ?? option.short ?? ""), "--help"];
}

const quantities = "formation scale 2>/dev/null";
const types = `${quantities} | tr ' ' '\\n' | cut -d= -f1`;

const scripts: Readonly<Record<Shell, (commands: readonly Words[], globals: readonly string[]) => string>> = {
  bash: (commands, globals) => `# formation completion bash >> ~/.bashrc
_formation() {
  local word=\${COMP_WORDS[COMP_CWORD]} command= at words=
  # A quantity is one word, although bash splits words at =.
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in ${commands.map(({ name }) => name).join(" | ")}) command=\${COMP_WORDS[at]}; break ;; esac
  done
  case "$command" in
    "") words="${[...commands.map(({ name }) => name), ...globals].join(" ")}" ;;
${commands.map(({ name, options }) => `    ${name}) words="${options.join(" ")}"${dynamic(name, (command) => ` ; [[ $word == -* ]] || words="$words $(${command})"`)} ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _formation formation
`,
  zsh: (commands, globals) => `#compdef formation
# formation completion zsh > "\${fpath[1]}/_formation"
_formation() {
  local -a names
  names=(
${commands.map(({ name, description }) => `    '${name}:${quoted(description)}'`).join("\n")}
  )
  local command=\${words[(r)(${commands.map(({ name }) => name).join("|")})]}
  case "$command" in
    '') _describe command names; compadd -- ${globals.join(" ")} ;;
${commands.map(({ name, options }) => `    ${name}) compadd -- ${options.join(" ")}${dynamic(name, (command) => `; compadd -- \${(f)"$(${command})"}`)} ;;`).join("\n")}
  esac
}
compdef _formation formation
`,
  fish: (commands, globals) => `# formation completion fish > ~/.config/fish/completions/formation.fish
complete -c formation -f
${globals.map((option) => `complete -c formation -l ${option.slice(2)}`).join("\n")}
${commands
  .flatMap(({ name, description, options }) => [
    `complete -c formation -n __fish_use_subcommand -a ${name} -d '${quoted(description)}'`,
    ...options
      .filter((option) => !globals.includes(option))
      .map((option) => `complete -c formation -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
    dynamic(
      name,
      (command) =>
        `complete -c formation -n '__fish_seen_subcommand_from ${name}' -a "(${command.replaceAll('"', '\\"')})"`,
    ),
  ])
  .filter((line) => line !== "")
  .join("\n")}
`,
};

/** What asks the stack for the words that a command takes. */
function dynamic(command: string, use: (ask: string) => string): string {
  if (command === "scale") return use(`${quantities} | tr ' ' '\\n'`);
  return TAKE_TYPES.includes(command) ? use(types) : "";
}

function quoted(text: string): string {
  return text.replaceAll("'", "’").replaceAll(":", "\\:");
}
