import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { readProjectFile } from "../../../sdk/project-file";

const context = mkdtempSync(join(tmpdir(), "formation-procfile-"));
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

test.each(["Procfile", "./Procfile", "link", "..app/Procfile"])("%s is read", (path) => {
  expect(readProjectFile("procfile", path, folder)).toBe("web: npm start\n");
});

test("1 MiB is read, and a folder that is itself reached by a link is no way out of it", () => {
  expect(readProjectFile("procfile", "full", folder)).toHaveLength(MiB);
  symlinkSync("program", join(context, "current"));
  expect(readProjectFile("procfile", "Procfile", join(context, "current"))).toBe("web: npm start\n");
});

const OUT = "it leads out of the program's folder: put the file there, or give its text as procfile";
const NO_FILE = "not a regular file: give the path of the file itself";
const MISSING = `no such file in ${folder}: create it, or correct the path`;

test.each([
  ["a missing file", "Procfiel", MISSING],
  ["a link to nowhere", "dangling", MISSING],
  ["a link to itself", "loop", "it cannot be read (ELOOP): correct the path, or let the program's user read the file"],
  [
    "a file taken for a folder",
    "Procfile/x",
    "it cannot be read (ENOTDIR): correct the path, or let the program's user read the file",
  ],
  ["the folder itself", ".", NO_FILE],
  ["no path", "", NO_FILE],
  ["a folder", "..app", NO_FILE],
  ["a pipe nobody writes to", "pipe", NO_FILE],
  ["a socket", "socket", NO_FILE],
  ["a device", "/dev/zero", OUT],
  ["a link to a device", "zero", OUT],
  ["a link out of the folder", "out", OUT],
  ["a path through a link out of the folder", "outer/Procfile", OUT],
  ["the folder above", "..", OUT],
  ["a path out of the folder", relative(folder, "/etc/passwd"), OUT],
  ["a neighbour whose name starts the same", "../program-2/Procfile", OUT],
  [
    "a file of more than 1 MiB",
    "too-large",
    `${MiB + 1} bytes long: it may have at most ${MiB}, so give the path of the file that is meant`,
  ],
])("%s is refused", (_, path, why) => {
  expect(() => readProjectFile("procfile", path, folder)).toThrow(
    new Error(`procfilePath is ${JSON.stringify(path)}: ${why}`),
  );
});
