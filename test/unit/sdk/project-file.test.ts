import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readProjectFile } from "../../../sdk/project-file";

const context = realpathSync(mkdtempSync(join(tmpdir(), "formation-procfile-")));
const folder = join(context, "program");
const socket = createServer();
const MiB = 1024 * 1024;

beforeAll(async () => {
  mkdirSync(join(folder, "..app"), { recursive: true });
  mkdirSync(join(context, "program-2"));
  for (const file of ["Procfile", "..app/Procfile", "../Procfile", "../program-2/Procfile"]) {
    writeFileSync(join(folder, file), "web: npm start\n");
  }
  writeFileSync(join(folder, "full"), "#".repeat(MiB));
  writeFileSync(join(folder, "too-large"), "#".repeat(MiB + 1));
  writeFileSync(join(folder, "empty"), "");
  execFileSync("mkfifo", [join(folder, "pipe")]);
  await new Promise<void>((resolve) => socket.listen(join(folder, "socket"), resolve));
  const links = {
    link: "Procfile",
    zero: "/dev/zero",
    out: "../Procfile",
    outer: "..",
    dangling: "nowhere",
    loop: "loop",
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
});

afterAll(async () => {
  await new Promise((resolve) => socket.close(resolve));
  rmSync(context, { recursive: true, force: true });
});

test.each([
  "Procfile",
  "./Procfile",
  "link",
  "..app/Procfile",
  "../Procfile",
  "../program-2/Procfile",
  "out",
  "outer/Procfile",
  join(context, "Procfile"),
])("%s is read", (path) => {
  expect(readProjectFile("procfile", path, folder)).toBe("web: npm start\n");
});

test("1 MiB is read, an empty file, one that says it has no bytes, and one in a folder that is a link", () => {
  expect(readProjectFile("procfile", "full", folder)).toHaveLength(MiB);
  expect(readProjectFile("appJson", "empty", folder)).toBe("");
  expect(readProjectFile("procfile", "/proc/self/status", folder)).toContain("Name:");
  symlinkSync("program", join(context, "current"));
  expect(readProjectFile("procfile", "Procfile", join(context, "current"))).toBe("web: npm start\n");
});

const NO_FILE = "not a regular file: give the path of the file itself";
const MISSING = "no such file: create it, or correct the path";
const unreadable = (code: string) =>
  `it cannot be read (${code}): correct the path, or let the program's user read the file`;
const TOO_LARGE = `it has more than ${MiB} bytes: give the path of the file that is meant`;

test.each([
  ["a missing file", "Procfiel", "Procfiel", MISSING],
  ["a missing file outside", "../Procfiel", "../Procfiel", MISSING],
  ["a link to nowhere", "dangling", "dangling", MISSING],
  ["a link to itself", "loop", "loop", unreadable("ELOOP")],
  ["a file taken for a folder", "Procfile/x", "Procfile/x", unreadable("ENOTDIR")],
  ["the folder itself", ".", ".", NO_FILE],
  ["no path", "", ".", NO_FILE],
  ["a folder", "..app", "..app", NO_FILE],
  ["the folder above", "..", "..", NO_FILE],
  ["a pipe nobody writes to", "pipe", "pipe", NO_FILE],
  ["a socket", "socket", "socket", NO_FILE],
  ["a link to a device", "zero", "/dev/zero", NO_FILE],
  ["a file of more than 1 MiB", "too-large", "too-large", TOO_LARGE],
])("%s is refused, and the file that is meant is named", (_, path, file, why) => {
  expect(() => readProjectFile("procfile", path, folder)).toThrow(
    new Error(`procfilePath is ${JSON.stringify(path)}, which is ${resolve(folder, file)}: ${why}`),
  );
});

test("an absolute path is named once", () => {
  expect(() => readProjectFile("appJson", "/dev/zero", folder)).toThrow(
    new Error(`appJsonPath is "/dev/zero": ${NO_FILE}`),
  );
});
