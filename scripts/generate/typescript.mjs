// The model as TypeScript: interfaces whose properties say in an editor what they mean.
import { keptSecret } from "./model.mjs";
import { places } from "./places.mjs";

/** @typedef {import("./model.mjs").ObjectType} ObjectType @typedef {import("./model.mjs").Value} Value */
/** @typedef {{ wrap: (text: string) => string, nameOf: (type: ObjectType) => string }} Style */

const header = "// Written by `npm run schema` from the shapes in provider/core: change the descriptions there.\n\n";
const width = 116;

/** Inputs, which may be outputs of other resources at every depth. @param {ObjectType} root @param {string} about */
export function argsText(root, about) {
  const style = { wrap: (/** @type {string} */ text) => `pulumi.Input<${text}>`, nameOf: argsName };
  return `${header}import type * as pulumi from "@pulumi/pulumi";\n\n${interfaces(root, about, style)}`;
}

/** @param {ObjectType} type */
const argsName = ({ name }) => `${name}Args`;

/** Outputs, as a program gets them. @param {ObjectType} root @param {string} about */
export function outputsText(root, about) {
  return header + interfaces(root, about, { wrap: (text) => `(${text})`, nameOf: ({ name }) => name });
}

/** @param {ObjectType} root @param {string} about @param {Style} style */
function interfaces(root, about, style) {
  /** @type {Map<ObjectType, string[]>} */
  const found = new Map();
  for (const { path, type } of places(root)) found.set(type, [...(found.get(type) ?? []), path]);
  const texts = [...found].map(([type, paths]) => {
    const comment = type === root ? about : `The shape of ${paths.map((path) => `\`${path}\``).join(" and ")}.`;
    return `${documentation(comment)}export interface ${style.nameOf(type)} {\n${properties(type, style)}}\n`;
  });
  return texts.join("\n");
}

/** @param {ObjectType} type @param {Style} style */
function properties(type, style) {
  const texts = type.properties.map((property) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(property.name) ? property.name : JSON.stringify(property.name);
    const text = `${textOf(property.value, style)}${property.isRequired ? "" : " | undefined"}`;
    const value = property.isPlain ? text : style.wrap(text);
    return `${documentation(keptSecret(property))}readonly ${name}${property.isRequired ? "" : "?"}: ${value};\n`;
  });
  return texts.join("");
}

/** @param {Value} value @param {Style} style @returns {string} */
function textOf(value, style) {
  switch (value.kind) {
    case "plain":
      return value.type === "integer" ? "number" : value.type;
    case "literal":
      return value.values.map((one) => JSON.stringify(one)).join(" | ");
    case "list":
      return `${style.wrap(textOf(value.item, style))}[]`;
    case "record":
      return `Record<string, ${style.wrap(textOf(value.value, style))}>`;
    case "object":
      return style.nameOf(value.of);
    case "union":
      return [...new Set(value.of.map((one) => textOf(one, style)))].join(" | ");
    case "any":
      return "unknown";
  }
}

/** @param {string} text @returns {string} a comment that editors show, of lines that are not too long */
function documentation(text) {
  if (text === "") return "";
  const safe = text.replaceAll("*/", "*\u200b/");
  if (safe.length + 7 <= width) return `/** ${safe} */\n`;
  /** @type {string[]} */
  const lines = [];
  for (const word of safe.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width - 5) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
}
