import { readFileSync } from "node:fs";
import { join } from "node:path";
import { get } from "../setup/engine.mjs";
import { onPath } from "../setup/machine.mjs";
import { app, example, outputs } from "./stack.mjs";

/** @typedef {{ name: string, type: string, index: number, state: string, address: string, container: string }} Process */

/** Prints the formation, the processes, and commands to try. */
export async function report() {
  const types = procfileTypes();
  const { formation } = await outputs();
  const running = (await processes()).sort(
    (a, b) => types.indexOf(a.type) - types.indexOf(b.type) || a.index - b.index,
  );

  console.log(`\nFormation  ${types.map((type) => `${type}=${formation?.[type] ?? 0}`).join(", ")}\n`);
  print([
    ["Process", "State", "Address", "Container"],
    ...running.map(({ name, state, address, container }) => [name, state, address || "-", container]),
  ]);

  const web = running.find(({ address }) => address);
  const worker = running.find(({ type }) => type === "worker");
  if (running.length > 0) console.log("\nTry");
  if (web) console.log(`  curl http://${web.address}/`);
  if (worker && onPath("docker")) console.log(`  docker logs --follow ${worker.container}`);
  console.log(`
Next
  edit \`scale\` in examples/procfile-app/index.ts and run \`npm run demo\` again: the plan comes first, then only that
  changes (the clock's quantity stands in Pulumi.demo.yaml beside it, which overrides the program)
  npm run formation -- scale web=3   scales it from here; ps, logs, history and others: npm run formation -- --help
  npm run demo:down                  removes all of it`);
}

/** @returns {Promise<Process[]>} */
export async function processes() {
  const filters = JSON.stringify({ label: [`formation.app=${app}`] });
  const found = (await get(`/containers/json?${new URLSearchParams({ all: "1", filters })}`)) ?? [];
  return found.map((/** @type {any} */ container) => {
    const { "formation.type": type = "?", "formation.index": index = "?" } = container.Labels;
    const port = container.Ports.find((/** @type {any} */ { PublicPort }) => PublicPort);
    return {
      name: `${type}.${index}`,
      type,
      index: Number(index),
      state: container.State,
      address: port ? `${port.IP}:${port.PublicPort}` : "",
      container: container.Names[0].slice(1),
    };
  });
}

/** Types in the order of the Procfile, which is the order people think in. */
const procfileTypes = () =>
  [...readFileSync(join(example, "Procfile"), "utf8").matchAll(/^([a-z0-9-]+):/gm)].map(([, type = ""]) => type);

/** @param {string[][]} rows */
function print(rows) {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}
