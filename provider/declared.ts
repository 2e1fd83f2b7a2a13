import { readAppJson } from "./core/app-json";
import { parseSpec, type Parsed } from "./core/declaration";
import { declaredIn, type Properties } from "./properties";

/** What the program declared, parsed; with what app.json adds to it. */
export function parseDeclared(properties: Properties, name: string): Parsed {
  const declared = declaredIn(properties);
  const { appJson } = declared;
  if (typeof appJson !== "string") return parseSpec(declared, name);
  const read = readAppJson(appJson);
  return read.ok ? parseSpec(declared, name, read.fallbacks) : { kind: "faults", faults: read.faults };
}
