import { ASKED, CHOOSING, quoted, valued, type Flag, type Kind, type Vocabulary, type Words } from "./words";

export function zshScript(vocabulary: Vocabulary): string {
  const { commands, globals } = vocabulary;
  const top = commands.filter(({ name }) => !name.includes(" "));
  const below = commands.filter(({ name }) => name.includes(" "));
  const of = (...kinds: readonly Kind[]) => valued(vocabulary, (kind) => kinds.includes(kind)).join("|");
  return `#compdef formation
# formation completion zsh > "\${fpath[1]}/_formation"
_formation_ask() {
  local -a found
  found=("\${(@f)$("\${words[1]/#\\~\\//$HOME/}" $chosen words $1 2>/dev/null)}")
  compadd -- $found
}
_formation() {
  local command= before=\${words[CURRENT-1]} name
  local -a chosen flags
  local -i at
  for ((at = 2; at < CURRENT; at++)); do
    name=\${words[at]}
    case $name in
      ${CHOOSING.join("|")})
        ((at++))
        ((at < CURRENT)) && chosen+=($name "\${\${(Q)words[at]}/#\\~\\//$HOME/}")
        ;;
      ${CHOOSING.map((name) => `${name}=*`).join("|")}) chosen+=("\${(Q)name}") ;;
      ${of("none")}) ((at++)) ;;
      --) return 1 ;;
      ${top.map(({ name }) => name).join("|")}) [[ -z $command ]] && command=$name ;;
${below.map(({ name: whole }) => `      ${whole.split(" ")[1]}) [[ $command == ${whole.split(" ")[0]} ]] && command="${whole}" ;;`).join("\n")}
    esac
  done
  if [[ \${words[CURRENT]} == --*=* ]]; then
    before=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  case $before in
    ${of("folder")}) _files -/ ; return ;;
    ${of("file")}) _files; return ;;
${ASKED.flatMap((kind) => (of(kind) === "" ? [] : [`    ${of(kind)}) _formation_ask ${kind}; return ;;`])).join("\n")}
    ${of("none")}) return 1 ;;
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    case $command in
      '') flags=(${described(globals)}) ;;
${commands.map((words) => `      '${words.name}') flags=(${described([...words.flags, ...globals])}) ;;`).join("\n")}
    esac
    _describe option flags
    return
  fi
  case $command in
    '')
      flags=(
${top.map(({ name, description }) => `        '${name}:${escaped(description)}'`).join("\n")}
      )
      _describe command flags
      ;;
${commands.map((words) => `    '${words.name}') ${argument(words)} ;;`).join("\n")}
  esac
}
if [[ \${funcstack[1]} == _formation ]]; then _formation "$@"; else compdef _formation formation; fi
`;
}

function argument({ argument: kind }: Words): string {
  if (kind === "none") return "return 1";
  if (kind === "folder") return "_files -/";
  if (kind === "file") return "_files";
  return typeof kind === "string" ? `_formation_ask ${kind}` : `compadd -- ${kind.join(" ")}`;
}

function described(flags: readonly Flag[]): string {
  const named = new Map(flags.map(({ name, description }) => [name, description]));
  return [...named].map(([name, description]) => `'${name}:${escaped(description)}'`).join(" ");
}

function escaped(text: string): string {
  return quoted(text).replaceAll(":", "\\:");
}
