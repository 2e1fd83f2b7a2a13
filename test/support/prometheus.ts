import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./ports";

type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Prometheus that runs the files written by `formation monitor write`, and scrapes every second. */
export class Prometheus {
  private constructor(
    private readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(folder: string): Promise<Prometheus> {
    const config = join(folder, "prometheus.yml");
    writeFileSync(config, readFileSync(config, "utf8").replaceAll("_interval: 15s", "_interval: 1s"));
    const address = `127.0.0.1:${await freePort()}`;
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "data")}`, "--log.level=error"];
    const child = spawn("prometheus", [...args, `--web.listen-address=${address}`], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    while (!(await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok) {
      if (child.exitCode !== null) throw new Error(`prometheus ended with exit code ${child.exitCode}`);
      await delay(100);
    }
    return new Prometheus(address, child);
  }

  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.#get<{ result: { metric: Labels; value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /** Alerts that have fired since a time, each by its name and the type or host it is about. */
  async firedSince(time: number): Promise<string[]> {
    const ago = Math.ceil((Date.now() - time) / 1000);
    const samples = await this.query(`max_over_time(ALERTS{alertstate="firing"}[${ago}s])`);
    return samples.map(({ labels }) => `${labels["alertname"]} ${labels["type"] ?? labels["host"] ?? ""}`).sort();
  }

  /** Alerts that are firing now. */
  async firing(): Promise<string[]> {
    const { alerts } = await this.#get<{ alerts: { state: string; labels: Labels; annotations: Labels }[] }>("alerts");
    return alerts
      .filter(({ state }) => state === "firing")
      .map(({ labels, annotations }) => `${labels["alertname"]}: ${annotations["summary"]}`)
      .sort();
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, "exit");
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`http://${this.address}/api/v1/${path}`);
    const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
    if (status !== "success") throw new Error(`${path}: ${error ?? status}`);
    return data;
  }
}

/** @throws with the faults that promtool finds */
export function promtool(args: readonly string[], input = ""): string {
  return execFileSync("promtool", args, { input, encoding: "utf8", stdio: "pipe" });
}
