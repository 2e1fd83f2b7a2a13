import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { call } from "./engine-api";

/** Describes the machine and the versions that the figures were taken with, in one line. */
export async function machine(compose: string): Promise<string> {
  const info = JSON.parse(await call("GET", "/info")) as Record<"ServerVersion" | "Driver", string>;
  const version = (name: string) =>
    (JSON.parse(readFileSync(join(__dirname, "../node_modules", name, "package.json"), "utf8")) as { version: string })
      .version;
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${type()} ${release()}`,
    `Docker ${info.ServerVersion} (${info.Driver})`,
    `docker compose ${execFileSync(compose, ["version", "--short"], { encoding: "utf8" }).trim()}`,
    `Pulumi ${version("pulumi")} with @pulumi/pulumi ${version("@pulumi/pulumi")}`,
    `Node.js ${process.versions.node}`,
  ].join(", ");
}
