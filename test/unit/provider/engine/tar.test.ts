import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tar } from "../../../../provider/engine/tar";

test("an archive is unpacked as it was packed: long names, any content, and later entries over earlier ones", () => {
  const folder = mkdtempSync(join(tmpdir(), "tar-"));
  try {
    const long = `secrets/L${"O".repeat(190)}NG`;
    const archive = tar([
      { path: "secrets", mode: 0o700 },
      { path: long, mode: 0o444, content: "é\0\n".repeat(300) },
      { path: "secrets/EMPTY", mode: 0o444, content: "" },
      { path: "secrets/BLOCK", mode: 0o444, content: "x".repeat(512) },
      { path: "secrets", mode: 0o755 },
    ]);
    execFileSync("tar", ["-x", "-p", "-C", folder], { input: archive });
    expect(readFileSync(join(folder, long), "utf8")).toBe("é\0\n".repeat(300));
    expect(readFileSync(join(folder, "secrets/EMPTY"), "utf8")).toBe("");
    expect(statSync(join(folder, "secrets/BLOCK")).size).toBe(512);
    expect(statSync(join(folder, "secrets")).mode & 0o777).toBe(0o755);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
