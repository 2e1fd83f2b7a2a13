import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseImage, docker } from "./engine";

interface Progress {
  readonly error?: string;
}

/** Builds an image from the base image, by lines of a Dockerfile. */
export async function buildImage(reference: string, lines: readonly string[]): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), "image-"));
  try {
    writeFileSync(join(context, "Dockerfile"), [`FROM ${baseImage()}`, "CMD []", ...lines].join("\n"));
    const stream = await docker.buildImage({ context, src: ["Dockerfile"] }, { t: reference, forcerm: true });
    const told = await new Promise<readonly Progress[]>((resolve, reject) =>
      docker.modem.followProgress(stream, (error: Error | null, all: Progress[]) =>
        error === null ? resolve(all) : reject(error),
      ),
    );
    const failure = told.find(({ error }) => error !== undefined)?.error;
    if (failure !== undefined) throw new Error(failure);
  } finally {
    rmSync(context, { recursive: true });
  }
}

/** A line that runs a program of node's while the image is built: the base image has few others. */
export function runInNode(program: string): string {
  return `RUN ${JSON.stringify(["node", "-e", program])}`;
}

/** A line that writes a program of the image. */
export function withProgram(path: string, ...lines: readonly string[]): string {
  const text = JSON.stringify(`${lines.join("\n")}\n`);
  const [folder, at] = [JSON.stringify(path.replace(/[^/]*$/, "")), JSON.stringify(path)];
  return runInNode(
    `const fs = require("fs"); fs.mkdirSync(${folder}, { recursive: true }); fs.writeFileSync(${at}, ${text}, { mode: 0o755 })`,
  );
}
