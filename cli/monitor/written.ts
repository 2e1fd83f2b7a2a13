import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../project/files";
import type { Whose } from "./targets";
import { writeFiles } from "./whole-files";

/** Files written for each app of a stack. */
type Written = Readonly<Record<string, readonly string[]>>;

/** Folder with a list per stack, so that two stacks can be written at the same time. */
const FOLDER = ".written";
/** Only paths of this form are removed, whatever a damaged list contains. */
const OWN = /^(targets|exporters|rules)\/[^/]+$/;

function nameOf({ project = "", stack = "" }: Omit<Whose, "app">): string {
  return `${FOLDER}/${project}+${stack}.json`;
}

/** Records the files of an app, so that they can be removed when the app is gone. */
export function remember(folder: string, whose: Whose, files: readonly string[]): void {
  const name = nameOf(whose);
  save(folder, name, { ...writtenIn(folder, name), [whose.app]: files });
}

/**
 * Removes the files of apps that a stack no longer has. Only recorded files are removed, and none that another app
 * still uses.
 *
 * @param apps of the stack
 * @returns the apps whose files were removed
 */
export function removeGone(folder: string, whose: Omit<Whose, "app">, apps: readonly string[]): readonly string[] {
  const name = nameOf(whose);
  const written = Object.entries(writtenIn(folder, name));
  const gone = written.filter(([app]) => !apps.includes(app));
  if (gone.length === 0) return [];
  save(folder, name, Object.fromEntries(written.filter(([app]) => apps.includes(app))));
  const lists = readdirSync(join(folder, FOLDER)).filter((one) => one.endsWith(".json"));
  const kept = new Set(lists.flatMap((one) => Object.values(writtenIn(folder, `${FOLDER}/${one}`)).flat()));
  const left = gone.flatMap(([, files]) => files).filter((file) => OWN.test(file) && !kept.has(file));
  for (const file of left) rmSync(join(folder, file), { force: true });
  return gone.map(([app]) => app);
}

function writtenIn(folder: string, name: string): Written {
  return (readJson(join(folder, name)) ?? {}) as Written;
}

function save(folder: string, name: string, written: Written): void {
  const isEmpty = Object.keys(written).length === 0;
  if (!isEmpty) writeFiles(folder, { [name]: `${JSON.stringify(written, undefined, 2)}\n` });
  else if (existsSync(join(folder, name))) rmSync(join(folder, name));
}
