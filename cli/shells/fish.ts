import { CHOOSING, quoted, valued, type Flag, type Kind, type Vocabulary } from "./words";

export function fishScript(vocabulary: Vocabulary): string {
  const { commands, globals } = vocabulary;
  const top = commands.filter(({ name }) => !name.includes(" "));
  const skipped = valued(vocabulary, () => true).filter((name) => !CHOOSING.some((one) => one === name));
  const lines = commands.flatMap(({ name, description, flags, argument }) => {
    const own = flags.filter((flag) => !globals.some((one) => one.name === flag.name));
    const isHere = `-n '__formation_at "${name}"'`;
    const given = words(argument);
    return [
      ...(name.includes(" ")
        ? []
        : [`complete -c formation -n '__formation_at ""' -a ${name} -d '${quoted(description)}'`]),
      ...own.map((flag) => option(flag, isHere)),
      ...(given === "" ? [] : [`complete -c formation ${isHere} ${given}`]),
    ];
  });
  return `# formation completion fish > ~/.config/fish/completions/formation.fish
# Prints the command that is typed on its first line, and what says which formation is meant on the others.
function __formation_typed
    set -l tokens (commandline -opc)
    set -l command
    set -l chosen
    set -l at 2
    while test $at -le (count $tokens)
        set -l word $tokens[$at]
        switch $word
            case ${CHOOSING.join(" ")}
                set at (math $at + 1)
                test $at -le (count $tokens); and set -a chosen $word (string replace -r '^~/' "$HOME/" -- $tokens[$at])
            case ${CHOOSING.map((name) => `'${name}=*'`).join(" ")}
                set -a chosen $word
            case ${skipped.join(" ")}
                set at (math $at + 1)
            case --
                set command --
                break
            case ${top.map(({ name }) => name).join(" ")}
                test -z "$command"; and set command $word
${below(commands.map(({ name }) => name))}
        end
        set at (math $at + 1)
    end
    echo "$command"
    test (count $chosen) -gt 0; and printf '%s\\n' $chosen
end
function __formation_at
    set -l typed (__formation_typed)
    test "$typed[1]" = "$argv[1]"
end
function __formation_ask
    string match -q -r -- '^-[^=]*$' (commandline -ct); and return
    set -l typed (__formation_typed)
    set -l tokens (commandline -opc)
    set -l self (string replace -r '^~/' "$HOME/" -- $tokens[1])
    $self $typed[2..-1] words $argv[1] 2>/dev/null
end
complete -c formation -f
${globals.map((flag) => option(flag, "")).join("\n")}
${lines.join("\n")}
`;
}

function below(names: readonly string[]): string {
  return names
    .filter((name) => name.includes(" "))
    .map((whole) => {
      const [first = "", second = ""] = whole.split(" ");
      return `            case ${second}\n                test "$command" = ${first}; and set command "${whole}"`;
    })
    .join("\n");
}

function option({ name, description, value }: Flag, where: string): string {
  const given = value === undefined ? "" : ` -x ${words(value)}`;
  return `complete -c formation ${where} -l ${name.slice(2)}${given} -d '${quoted(description)}'`.replace(/ +/g, " ");
}

function words(kind: Kind): string {
  if (kind === "none") return "";
  if (kind === "folder") return "-a '(__fish_complete_directories)'";
  if (kind === "file") return "-a '(__fish_complete_path)'";
  return typeof kind === "string" ? `-a '(__formation_ask ${kind})'` : `-a '${kind.join(" ")}'`;
}
