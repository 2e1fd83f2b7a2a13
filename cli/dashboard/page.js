"use strict";
// Draws the server's data. Text is never parsed as HTML.

const at = (id) => document.getElementById(id);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawProcess({ name, state, tone }) {
  return element("li", { class: `process ${tone}` }, element("strong", {}, name), element("span", {}, state));
}

function drawGroup(type, { host, processes }) {
  const where = host === "" ? "nowhere" : `on ${host}`;
  const label = `processes of ${type} ${where}`;
  const list = element("ul", { class: "plain processes", "aria-label": label }, ...processes.map(drawProcess));
  return element("div", { class: "group" }, element("p", { class: "quiet" }, where), list);
}

function drawType({ type, isSingleton, desired, running, groups }) {
  const count = element(
    "p",
    { class: running < desired ? "short" : "quiet" },
    `${running} of ${desired} running${isSingleton ? ", singleton" : ""}`,
  );
  const head = element("div", {}, element("h3", {}, type), count);
  return element(
    "div",
    { class: "type" },
    head,
    element("div", { class: "groups" }, ...groups.map((group) => drawGroup(type, group))),
  );
}

function drawHost({ name, isReachable }) {
  const attributes = isReachable ? {} : { class: "short" };
  return element(
    "li",
    attributes,
    `${name}: ${isReachable ? "reachable" : "cannot be reached, what runs there is unknown"}`,
  );
}

function drawBudget({ name, used, limit, detail }) {
  const text = `${name}: ${used} of ${limit} connections${detail === "" ? "" : ` (${detail})`}`;
  const bar = element("progress", { max: String(limit), value: String(Math.min(used, limit)), "aria-label": text });
  return element("li", used > 0.9 * limit ? { class: "near" } : {}, element("span", {}, text), bar);
}

function drawDeed({ when, who, change, formation }) {
  return element("tr", {}, ...[when, who, change, formation].map((text) => element("td", {}, text)));
}

const shown = new Map();

/** Leaves unchanged text alone: it may be selected, or being read aloud. */
function show(id, items, draw) {
  const text = JSON.stringify(items);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  at(id).replaceChildren(...items.map(draw));
}

function say(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text;
}

function draw({ app, types, hosts, budgets, history }) {
  const summary = types.map(({ type, running, desired }) => `${type} ${running}/${desired}`).join(", ");
  document.title = `${app}: ${summary}`;
  say("app", app);
  say("summary", summary);
  show("types", types, drawType);
  show("hosts", hosts, drawHost);
  at("budgets-section").hidden = budgets.length === 0;
  show("budgets", budgets, drawBudget);
  show("history", history, drawDeed);
}

/** A dead connection can be told from an idle one only by the time without messages. */
const SILENCE_MS = 30_000;
let heardAt = Date.now();
setInterval(() => {
  if (Date.now() - heardAt > SILENCE_MS) say("connection", "no sign of life; reload the page");
}, 1_000);

const events = new EventSource("/events");
for (const name of ["formation", "failure", "alive"])
  events.addEventListener(name, () => {
    heardAt = Date.now();
    say("connection", "live");
  });
events.addEventListener("formation", ({ data }) => {
  at("failure").hidden = true;
  draw(JSON.parse(data));
});
events.addEventListener("failure", ({ data }) => {
  at("failure").hidden = false;
  say("failure", JSON.parse(data));
});
events.addEventListener("error", () => say("connection", "not connected; trying again …"));
