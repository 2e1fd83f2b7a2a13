import { COUNTERPARTS, type Advice, type Row } from "./counterparts";
import { entryOf } from "../values/entry";
import { folded, nearest } from "../values/nearest";
import { keysAt, placeOf, type Path, type Shape } from "./places";

// Advice on an input that is none. It names only inputs that the shape really has.

/** A name of the shape or of another tool, and what to say of it. */
interface Candidate {
  readonly name: string;
  readonly advice: string;
}

/** The fault of a name that the object at the path does not have. Shows no value. */
export function unknownInput(inputs: Shape, path: Path, name: string): string {
  return `${[...path, name].join(".")} is not an input of Formation: ${adviceOn(inputs, path, name)}`;
}

function adviceOn(inputs: Shape, path: Path, name: string): string {
  const own = keysAt(inputs, path).map((key): Candidate => ({ name: key, advice: `did you mean ${key}?` }));
  const foreign = counterpartsAt(inputs, path);
  const isSame = (one: Candidate) => folded(one.name) === folded(name);
  const found =
    own.find(isSame) ??
    foreign.find(isSame) ??
    elsewhere(inputs, path).find(isSame) ??
    near(name, own, OWN_CHANGES) ??
    near(name, foreign, FOREIGN_CHANGES);
  if (found !== undefined) return found.advice;
  return own.length > MOST_LISTED ? "check its spelling" : `there are ${own.map((one) => one.name).join(", ")}`;
}

/** More names than these are no help in a line of text. */
const MOST_LISTED = 8;

const OWN_CHANGES = (length: number) => Math.min(3, Math.floor(length / 3));
/** There are many foreign names: only a slip of the pen is taken for one of them. */
const FOREIGN_CHANGES = (length: number) => (length < 5 ? 0 : length < 9 ? 1 : 2);

function near(name: string, candidates: readonly Candidate[], most: (length: number) => number): Candidate | undefined {
  const names = candidates.map((one) => one.name);
  const found = nearest(name, names, most);
  return candidates.find((one) => one.name === found);
}

function counterpartsAt(inputs: Shape, path: Path): Candidate[] {
  const rows: readonly Row[] = entryOf<readonly Row[]>(COUNTERPARTS, placeOf(inputs, path)) ?? [];
  return rows.flatMap(([names, advice]) => {
    const text = firstThatHolds(inputs, path, advice);
    return names.split(" ").map((name): Candidate => ({ name, advice: text }));
  });
}

const INPUT = /\{(\.?)([a-zA-Z*][\w.*]*)\}/g;

function firstThatHolds(inputs: Shape, path: Path, advice: Advice): string {
  const type = path[0] === "processes" && path[1] !== undefined ? path[1] : undefined;
  const inputOf = (dot: string, rest: string) => [...(dot === "" ? [] : path), ...rest.split(".")];
  const holds = (text: string) =>
    [...text.matchAll(INPUT)].every(([, dot = "", rest = ""]) => has(inputs, inputOf(dot, rest)));
  const text = advice.find(holds) ?? "leave it out: there is nothing like it";
  return text
    .replaceAll("<type>: 2", `${quoted(type ?? "web")}: 2`)
    .replaceAll("<type>", type ?? "web")
    .replaceAll(INPUT, (_, dot: string, rest: string) => written(inputOf(dot, rest), type));
}

function quoted(name: string): string {
  return /^[a-z]\w*$/.test(name) ? name : JSON.stringify(name);
}

function has(inputs: Shape, path: Path): boolean {
  const key = path.at(-1) ?? "";
  return key === "*" || keysAt(inputs, path.slice(0, -1)).includes(key);
}

function written(path: Path, type: string | undefined): string {
  const named = path[0] === "processes" && path[1] === "*" ? ["processes", type ?? "<type>", ...path.slice(2)] : path;
  return named.map((step) => (step === "*" ? "<n>" : step)).join(".");
}

/** Inputs that stand in another place: in a part of the object, in the type, in the formation, in any type. */
function elsewhere(inputs: Shape, path: Path): Candidate[] {
  const type = path[0] === "processes" && path[1] !== undefined ? path[1] : undefined;
  const bases: readonly Path[] = [path, ["processes", type ?? "*"], []];
  return bases.flatMap((base) => {
    const keys = keysAt(inputs, base);
    const isWide = base.length === 0 && type !== undefined;
    return [...keys.map((key) => [key]), ...keys.flatMap((key) => partsOf(inputs, base, key))].map(
      (rest): Candidate => {
        const advice = `give ${written([...base, ...rest], type)}${isWide ? ", for all types" : ""}`;
        return { name: rest.at(-1) ?? "", advice };
      },
    );
  });
}

function partsOf(inputs: Shape, base: Path, key: string): Path[] {
  return keysAt(inputs, [...base, key]).map((inner) => [key, inner]);
}
