// The model as docs/reference.md: every input and output by its path.
import { keptSecret } from "./model.mjs";
import { entriesOf, fixedIn, objectsIn, placeOf, places } from "./places.mjs";

/** @typedef {import("./model.mjs").ObjectType} ObjectType @typedef {import("./model.mjs").Value} Value */
/** @typedef {import("./model.mjs").Property} Property */
/** @typedef {import("./places.mjs").Place} Place @typedef {import("./places.mjs").Step} Step */

const about = `# Reference

<!-- Written by \`npm run schema\` from the shapes in provider/core: change the descriptions there. -->

Every input and output of a \`Formation\`; [schema.json](../schema.json) has the same for programs. An input may be an output of another resource, at any depth, unless it is called plain.

In a path, \`<type>\` stands for a process type, \`<name>\` for any other name, and \`[]\` for each item of a list.`;

/**
 * @param {ObjectType} inputs
 * @param {ObjectType} outputs
 * @param {(steps: readonly Step[]) => string | undefined} allowedAt what may be given at a place, in words
 */
export function referenceText(inputs, outputs, allowedAt) {
  const inputSections = sections(inputs, ["input", "type", "given as", "default", "meaning"], (property, owner) => {
    const { path, steps } = placeOf(property, owner);
    const { text, otherwise } = parts(keptSecret(property));
    const allowed = isClear(property.value) ? undefined : allowedAt(steps);
    const plain = property.isPlain && fixedIn(owner.type).every(([name]) => name !== property.name) ? "plain " : "";
    return [
      `\`${path}\``,
      plain + typeText(property, path),
      allowed === undefined ? "" : literally(allowed),
      property.isRequired ? "required" : (otherwise ?? ""),
      text,
    ];
  });
  const outputSections = sections(outputs, ["output", "type", "meaning"], (property, owner) => {
    const { path } = placeOf(property, owner);
    const text = property.isRequired ? [] : ["Not always there."];
    return [`\`${path}\``, typeText(property, path), [property.description ?? "", ...text].join(" ")];
  });
  return [about, "## Inputs", ...inputSections, "## Outputs", ...outputSections].join("\n\n");
}

/** @param {ObjectType} root @param {string[]} head @param {(property: Property, owner: Place) => string[]} row */
function sections(root, head, row) {
  const first = ["", "processes", "hosts"];
  const group = (/** @type {Place} */ { path }) => {
    const at = first.indexOf(path.replace(/\W.*/, ""));
    return at < 0 ? first.length : at;
  };
  return places(root)
    .sort((a, b) => group(a) - group(b))
    .flatMap((place) => [
      ...(place.path === "" ? [] : [`### ${titleOf(place)}`]),
      ...(place.holder?.description === undefined ? [] : [place.holder.description]),
      table([head, head.map(() => "---"), ...place.type.properties.map((property) => row(property, place))]),
    ]);
}

/** @param {Pick<Place, "path" | "type">} place */
function titleOf({ path, type }) {
  const fixed = fixedIn(type).map(([name, value]) => `\`${name}: ${JSON.stringify(value)}\``);
  return [`\`${path}\``, ...(fixed.length === 0 ? [] : ["with", fixed.join(" and ")])].join(" ");
}

/** @param {Property} property @param {string} path */
function typeText({ name, value }, path) {
  return [...new Set(typesOf(value, path, name))].join(" or ");
}

/** @param {Value} value @param {string} path @param {string} name @returns {string[]} one or the other */
function typesOf(value, path, name) {
  if (value.kind === "union") return value.of.flatMap((one) => typesOf(one, path, name));
  if (value.kind === "literal") return value.values.map((one) => `\`${JSON.stringify(one)}\``);
  const rest = withoutObjects(value);
  const titles = objectsIn(value, { path, steps: [] }, name).map(titleOf);
  return [...(rest ? [`\`${codeOf(rest, name)}\``] : []), ...titles.map((title) => `[${title}](#${anchorOf(title)})`)];
}

/** @param {Value} value @returns {Value | undefined} */
function withoutObjects(value) {
  switch (value.kind) {
    case "object":
      return undefined;
    case "list": {
      const item = withoutObjects(value.item);
      return item && { kind: "list", item };
    }
    case "record": {
      const entry = withoutObjects(value.value);
      return entry && { kind: "record", value: entry };
    }
    case "union": {
      const parts = value.of.flatMap((one) => withoutObjects(one) ?? []);
      return parts.length === 0 ? undefined : { kind: "union", of: parts };
    }
    default:
      return value;
  }
}

/** @param {Value} value without objects @param {string} name @returns {string} */
function codeOf(value, name) {
  switch (value.kind) {
    case "plain":
      return value.type;
    case "literal":
      return value.values.map((one) => JSON.stringify(one)).join(" | ");
    case "list": {
      const item = codeOf(value.item, name);
      return item.includes(" | ") ? `(${item})[]` : `${item}[]`;
    }
    case "record":
      return `{ ${entriesOf("", name).slice(1)}: ${codeOf(value.value, name)} }`;
    case "union":
      return value.of.map((one) => codeOf(one, name)).join(" | ");
    default:
      return "any";
  }
}

/** The part of a link that leads to a heading. @param {string} title */
const anchorOf = (title) =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

/** True when the type says all about a value. @param {Value} value @returns {boolean} */
function isClear(value) {
  if (value.kind === "union") return value.of.every(isClear);
  return value.kind === "object" || value.kind === "literal" || (value.kind === "plain" && value.type === "boolean");
}

/** Takes the sentence about the default out of a description. @param {string} description */
function parts(description) {
  const [sentence, otherwise] = /(?<=^|\. )Default:? (.+?)\.(?= [A-Z`]|$)/.exec(description) ?? [];
  if (sentence === undefined) return { text: description };
  return { text: description.replace(sentence, "").replace(/ {2,}/g, " ").trim(), otherwise };
}

/** @param {string[][]} rows */
const table = (rows) =>
  rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");

/** @param {string} text */
const literally = (text) => text.replace(/[\\`*_[\]<>]/g, "\\$&");
