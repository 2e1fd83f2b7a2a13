import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

const root = join(__dirname, "../..");

/** Pulumi project in a temporary folder, with a backend of its own and a program in JavaScript. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), "formation-e2e-"));
  readonly env: NodeJS.ProcessEnv = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${this.folder}/backend`,
    PULUMI_CONFIG_PASSPHRASE: "e2e",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    FORMATION_ACTOR: "adam@example.com",
  };

  constructor(readonly project: string) {
    mkdirSync(join(this.folder, "backend"));
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(root, join(this.folder, "node_modules/pulumi-formation"));
    symlinkSync(join(root, "node_modules/@pulumi"), join(this.folder, "node_modules/@pulumi"));
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: project, main: "index.js" }));
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      `name: ${project}\nruntime: { name: nodejs, options: { typescript: false } }\n`,
    );
  }

  /** Writes a program with a Formation. @param args a JavaScript expression: the arguments of the Formation */
  program(name: string, args: string): void {
    const text = `const pulumi = require("@pulumi/pulumi"); const { Formation } = require("pulumi-formation");
const app = new Formation(${JSON.stringify(name)}, ${args});
for (const key of ["formation", "summary", "running", "instances", "endpoints", "release", "log"]) exports[key] = app[key];
`;
    this.write(text);
  }

  /** @param program whole, in JavaScript */
  write(program: string): void {
    writeFileSync(join(this.folder, "index.js"), program);
  }

  pulumi(...args: string[]): Promise<Outcome> {
    const cli = join(root, "node_modules/.bin/pulumi");
    return new Promise((resolve) => {
      execFile(
        cli,
        [...args, "--non-interactive", "--color=never"],
        { cwd: this.folder, env: this.env, maxBuffer: 1e8 },
        (error, out, err) => {
          const failure = error;
          resolve({
            code: typeof failure?.code === "number" ? failure.code : failure === null ? 0 : 1,
            output: out + err,
          });
        },
      );
    });
  }

  async outputs<T>(): Promise<T> {
    const { output } = await this.pulumi("stack", "output", "--json");
    return JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)) as T;
  }

  delete(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
