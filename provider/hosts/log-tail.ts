import { PassThrough } from "node:stream";
import type Docker from "dockerode";

interface Logs {
  readonly modem: unknown;
  logs(options: { follow: false; stdout: boolean; stderr: boolean; tail: number }): Promise<unknown>;
}

/** The last lines that a container wrote, or a task, both streams in their order. */
export async function lastLines(container: Logs, lines: number): Promise<string> {
  const raw = await container.logs({ follow: false, stdout: true, stderr: true, tail: lines });
  const text = new PassThrough();
  const source = new PassThrough();
  (container.modem as Docker["modem"]).demuxStream(source, text, text);
  source.end(raw);
  await new Promise((resolve) => source.once("end", resolve));
  text.end();
  const chunks: Buffer[] = [];
  for await (const chunk of text) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8").trimEnd();
}
