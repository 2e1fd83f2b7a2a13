import { ASKED, CHOOSING, valued, type Kind, type Vocabulary, type Words } from "./words";

export function bashScript(vocabulary: Vocabulary): string {
  const { commands, globals } = vocabulary;
  const top = commands.filter(({ name }) => !name.includes(" "));
  const common = globals.map(({ name }) => name);
  const below = commands.filter(({ name }) => name.includes(" "));
  const options = (words: Words) => [...new Set([...words.flags.map(({ name }) => name), ...common])].join(" ");
  const of = (...kinds: readonly Kind[]) => valued(vocabulary, (kind) => kinds.includes(kind)).join(" | ");
  return `# formation completion bash >> ~/.bashrc
_formation_ask() {
  "\${COMP_WORDS[0]/#\\~\\//$HOME/}" "\${chosen[@]}" words "$1" 2>/dev/null
}
_formation_paths() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$word"))
}
_formation() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= at=1 name value words=
  local -a chosen=()
  COMPREPLY=()
  # bash makes --app=shop and web=2 three words each.
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  while ((at < COMP_CWORD)); do
    name=\${COMP_WORDS[at]}
    case "$name" in
      ${CHOOSING.join(" | ")})
        at=$((at + 1))
        [[ \${COMP_WORDS[at]} == = ]] && at=$((at + 1))
        if ((at < COMP_CWORD)); then
          value=\${COMP_WORDS[at]/#\\~\\//$HOME/}
          value=\${value//\\\\/}
          value=\${value#[\\"\\']}
          chosen+=("$name" "\${value%[\\"\\']}")
        fi
        ;;
      ${valued(vocabulary, (kind) => kind === "none").join(" | ")}) at=$((at + 1)) ;;
      --) return ;;
      ${top.map(({ name }) => name).join(" | ")}) [[ -z $command ]] && command=$name ;;
${below.map(({ name: whole }) => `      ${whole.split(" ")[1]}) [[ $command == ${whole.split(" ")[0]} ]] && command="${whole}" ;;`).join("\n")}
    esac
    at=$((at + 1))
  done
  case "$before" in
    ${of("folder")}) _formation_paths -d && return ;;
    ${of("file")}) _formation_paths -f && return ;;
${ASKED.flatMap((kind) => (of(kind) === "" ? [] : [`    ${of(kind)}) COMPREPLY=($(compgen -W "$(_formation_ask ${kind})" -- "$word")) && return ;;`])).join("\n")}
    ${of("none")}) return ;;
  esac
  case "$command" in
    "") words="${[...top.map(({ name }) => name), ...common].join(" ")}" ;;
${commands.map((words) => `    "${words.name}") ${argument(words, options(words))} ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _formation formation
`;
}

function argument({ argument: kind }: Words, options: string): string {
  const dashed = (otherwise: string) => `if [[ $word == -* ]]; then words="${options}"; else ${otherwise}; fi`;
  if (kind === "none") return `words="${options}"`;
  if (kind === "folder" || kind === "file")
    return dashed(`_formation_paths ${kind === "folder" ? "-d" : "-f"}; return`);
  return dashed(typeof kind === "string" ? `words=$(_formation_ask ${kind})` : `words="${kind.join(" ")}"`);
}
