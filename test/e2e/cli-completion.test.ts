import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completionScript, SHELLS, type Shell } from "../../cli/completion";
import type { CliContext } from "../../cli/context";
import { commandsFor, createProgram } from "../../cli/program";
import { installPrograms } from "../support/install";

// Each shell completes with the script that the command prints for it.

const folder = mkdtempSync(join(tmpdir(), "formation-completion-"));
const asked = join(folder, "asked");
const env = { ...process.env, PATH: `${folder}/bin:${process.env["PATH"]}`, HOME: folder, TERM: "dumb" };
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 120_000,
  });

beforeAll(async () => {
  installPrograms("test-shells");
  for (const name of ["bin", "monitoring", "deep/shop dir"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "shop.prom"), "");
  writeFileSync(
    join(folder, "bin/formation"),
    `#!/bin/sh
echo "$*" >> ${asked}
case "$*" in
  *"--app blog"*quantities | *"--app=blog"*quantities) printf 'press=7\\n' ;;
  *quantities) printf 'web=2\\nworker=1\\n' ;;
  *names) printf 'web\\nworker\\nworker.1\\n' ;;
  *types) printf 'web\\nworker\\n' ;;
  *apps) printf 'blog\\nshop\\n' ;;
esac
`,
    { mode: 0o755 },
  );
  const program = createProgram("0.0.0");
  for (const register of await commandsFor([])) register(program, {} as CliContext);
  for (const shell of SHELLS) writeFileSync(join(folder, `_${shell}`), completionScript(program, shell));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Presses TAB behind a line, whose last word can go on in one way. */
const COMPLETE: Readonly<Record<Shell, (line: string) => string>> = {
  // The words are split as bash does it: = is one by itself.
  bash: (line) => {
    const words = line.replaceAll("=", " = ").split(" ");
    const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _formation; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run("bash", "--norc", "-c", script, "bash", join(folder, "_bash"), ...words);
  },
  // It gets a terminal of its own, because only its line editor completes.
  zsh: (line) =>
    run(
      "zsh",
      "-f",
      "-c",
      `zmodload zsh/zpty
      zpty it zsh -f -i
      say() { zpty -w it "$1" }
      say 'PROMPT=; fpath=(${folder} $fpath); cp ${folder}/_zsh ${folder}/_formation; autoload -U compinit; compinit -u -D; stty -echo'
      say 'show() { print -r -- "<<<$BUFFER>>>"; exit }; zle -N show; bindkey "^X" show; print READY'
      zpty -r it seen '*READY*READY*'
      zpty -w -n it $1$'\\t'
      zpty -w -n it $'\\x18'
      zpty -r it seen '*>>>*'
      print -r -- "\${\${seen##*<<<}%%>>>*}"`,
      "zsh",
      line,
    ).replace(/^.* (?=\S+\s*$)/s, ""),
  fish: (line) => {
    const script = `source ${folder}/_fish; complete -C ${JSON.stringify(line)}`;
    return run("fish", "--no-config", "-c", script).replace(/\t.*$/gm, "");
  },
};

const rows: readonly (readonly [line: string, word: string])[] = [
  ["formation mon", "monitor"],
  ["formation monitor w", "write"],
  ["formation completion f", "fish"],
  ["formation scale web", "web=2"],
  ["formation --stack prod scale --wait 5m wo", "worker=1"],
  ["formation --app blog scale pr", "press=7"],
  ["formation scale --res", "--reset"],
  ["formation restart worker.", "worker.1"],
  ["formation --app bl", "blog"],
  ["formation --app=bl", "blog"],
  ["formation run --like we", "web"],
  ["formation monitor write mon", "monitoring"],
  ["formation metrics --textfile sh", "shop.prom"],
  ["formation --cwd dee", "deep"],
];

describe.each(SHELLS)("%s", (shell) => {
  test.each(rows)("%s", (line, word) => {
    const found = COMPLETE[shell](line).trim().split("\n");
    // Shells differ in how much of a word they hand over.
    expect(found.map((one) => one.replace(/^--app=/, "").replace(/\/$/, ""))).toEqual([word]);
  });

  test("asks with what says which formation is meant", () => {
    writeFileSync(asked, "");
    COMPLETE[shell]("formation --cwd deep --stack prod --app shop ps wor");
    expect(readFileSync(asked, "utf8")).toMatch(/^--cwd deep --stack prod --app shop words names$/m);
  });

  test("asks nothing for an option, nor for a program that is run", () => {
    writeFileSync(asked, "");
    COMPLETE[shell]("formation ps --wi");
    COMPLETE[shell]("formation run -- we");
    expect(readFileSync(asked, "utf8")).toBe("");
  });
});
