import { readAppJson } from "../core/inputs/app-json";
import { parseSpec, type Parsed } from "../core/guards/declaration";
import { declaredIn, type Properties } from "../core/record/properties";

/** Parses the declared inputs, with the fallbacks that app.json gives. */
export function parseDeclared(properties: Properties, name: string): Parsed {
  const declared = declaredIn(properties);
  const { appJson } = declared;
  if (typeof appJson !== "string") return parseSpec(declared, name);
  const read = readAppJson(appJson);
  return read.ok ? parseSpec(declared, name, read.fallbacks) : { kind: "faults", faults: read.faults };
}
