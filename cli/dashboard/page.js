"use strict";
// Draws what the server sends. Nothing is ever taken for HTML.

const at = (id) => document.getElementById(id);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawType({ type, isSingleton, desired, running, processes }) {
  const count = element(
    "p",
    { class: running < desired ? "count short" : "count" },
    `${running} of ${desired} running${isSingleton ? ", singleton" : ""}`,
  );
  const boxes = processes.map(({ name, host, state, tone }) =>
    element(
      "li",
      { class: `process ${tone}` },
      element("strong", {}, name),
      element("span", {}, state),
      element("span", { class: "where" }, host === "" ? "nowhere" : `on ${host}`),
    ),
  );
  const list = element("ul", { class: "plain processes", "aria-label": `processes of ${type}` }, ...boxes);
  return element("div", { class: "type" }, element("div", {}, element("h3", {}, type), count), list);
}

function drawHost({ name, isReachable }) {
  return element("li", {}, `${name}: ${isReachable ? "reachable" : "cannot be reached, what runs there is unknown"}`);
}

function drawBudget({ name, used, limit, detail }) {
  const text = `${name}: ${used} of ${limit} connections${detail === "" ? "" : ` (${detail})`}`;
  const bar = element("progress", { max: String(limit), value: String(Math.min(used, limit)), "aria-label": text });
  return element("li", {}, element("span", {}, text), bar);
}

function draw({ app, types, hosts, budgets, history }) {
  document.title = `${app}: ${types.map(({ type, running }) => `${type}=${running}`).join(", ")}`;
  at("app").textContent = app;
  at("types").replaceChildren(...types.map(drawType));
  at("hosts").replaceChildren(...hosts.map(drawHost));
  at("budgets-section").hidden = budgets.length === 0;
  at("budgets").replaceChildren(...budgets.map(drawBudget));
  at("history").replaceChildren(...history.map((line) => element("li", {}, line)));
}

const events = new EventSource("/events");
events.addEventListener("formation", ({ data }) => {
  at("failure").hidden = true;
  at("connection").textContent = "live";
  draw(JSON.parse(data));
});
events.addEventListener("failure", ({ data }) => {
  at("failure").hidden = false;
  at("failure").textContent = JSON.parse(data);
});
events.addEventListener("error", () => {
  at("connection").textContent = "not connected; trying again …";
});
