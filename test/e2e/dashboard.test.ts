import { request } from "node:http";
import type { Browser, Page } from "playwright-core";
import { accessibilityFaults, screenshot, startBrowser } from "../support/browser";
import { CliApp } from "../support/cli-app";
import { docker } from "../support/engine";
import { eventually } from "../support/eventually";
import { formation, startFormation, type Running } from "../support/formation-command";
import { freePort } from "../support/ports";

// The page of `formation dashboard` is tried in a real browser, with one app.

const app = new CliApp();
const { stack, name } = app;
/** Time that somebody who watches may have to wait. */
const PATIENCE = { timeout: 2_000 };

let dashboard: Running;
let port: number;
let browser: Browser;
let page: Page;
const requests: string[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  await app.create(`update: { monitor: 0 }, scale: { web: 2, clock: 1 },
    processes: { web: { connections: { db: 10 } } }, backingServices: { db: { maxConnections: 60 } },
    procfile: ${JSON.stringify("web: sleep 100000\nworker: sleep 100000\nclock: sleep 100000\n")}`);
  port = await freePort();
  dashboard = startFormation(stack, ["dashboard", "--listen", String(port)]);
  await dashboard.says(`http://127.0.0.1:${port}/`);
  page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  page.on("request", (one) => requests.push(one.url()));
  page.on("pageerror", (error) => requests.push(String(error)));
  await page.goto(`http://localhost:${port}/`);
});
afterAll(async () => {
  await browser?.close();
  dashboard?.child.kill();
  await app.remove();
});

const processes = (type: string, state: string) =>
  page.locator(`ul[aria-label^="processes of ${type} "] li.${state} strong`).allTextContents();

test("shows the formation, its budgets, and who did what", async () => {
  await page.getByText("web 2/2, worker 0/0, clock 1/1").waitFor();
  expect(await page.title()).toBe(`${name}: web 2/2, worker 0/0, clock 1/1`);
  expect(await page.locator("h3").allTextContents()).toEqual(["web", "worker", "clock"]);
  expect(await processes("web", "good")).toEqual(["web.1", "web.2"]);
  await page.getByText("1 of 1 running, singleton").waitFor();
  expect(await page.getByRole("progressbar").getAttribute("aria-label")).toBe(
    "db: 30 of 60 connections (web 2×10 + release overlap 1×10)",
  );
  expect(await page.locator("#history td").allTextContents()).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    "adam@example.com",
    "web=2, worker=0, clock=1",
    "web=2, worker=0, clock=1",
  ]);
});

test("a scale shows within 2 s, and an actor is never taken for HTML", async () => {
  const scaling = startFormation(stack, ["scale", "web=3", "worker=1"], { FORMATION_ACTOR: "<b>eve</b>" });
  expect(await scaling.ended).toMatchObject({ code: 0 });
  await page.getByText("web 3/3, worker 1/1, clock 1/1").waitFor(PATIENCE);
  await page.getByRole("cell", { name: "<b>eve</b>" }).waitFor(PATIENCE);
});

test("a process that is gone shows within 2 s, and one that is back", async () => {
  await docker.getContainer(`${name}.web.2`).remove({ force: true });
  await page.getByText("web 2/3, worker 1/1, clock 1/1").waitFor(PATIENCE);
  expect(await processes("web", "bad")).toEqual(["web.2"]);
  await docker.getContainer(`${name}.worker.1`).pause();
  await page.getByText("worker 0/1").waitFor(PATIENCE);
  expect(await processes("worker", "doubtful")).toEqual(["worker.1"]);
});

test.each(["light", "dark"] as const)("axe-core finds nothing in %s", async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, `dashboard-${colorScheme}`);
});

test("axe-core would find something", async () => {
  const other = await browser.newPage();
  await other.setContent(`<p style="color: #aaa; background: #fff">pale</p>`);
  expect((await accessibilityFaults(other)).join()).toContain("color-contrast");
  await other.close();
});

test("what scrolls can be reached and moved with the keyboard, and the focus is seen", async () => {
  const ask = (expression: string) => page.evaluate<unknown>(expression);
  const WINDOW = `document.getElementById("history-window")`;
  await ask(`${WINDOW}.style.maxHeight = "3rem"`);
  await page.keyboard.press("Tab");
  expect(await ask("document.activeElement.id")).toBe("history-window");
  expect(await ask(`getComputedStyle(${WINDOW}).outlineStyle`)).toBe("solid");
  await page.keyboard.press("End");
  await eventually(async () => expect(await ask(`${WINDOW}.scrollTop`)).toBeGreaterThan(0), PATIENCE.timeout);
});

test.each([
  ["localhost", "GET", 200],
  ["127.0.0.1:80", "GET", 200],
  ["[::1]", "GET", 200],
  ["rebound.example.com", "GET", 403],
  ["127.0.0.1.example.com", "GET", 403],
  ["localhost.example.com:80", "GET", 403],
  ["localhost", "POST", 405],
  ["localhost", "DELETE", 405],
])("a request for %s with %s is answered with %i", async (host, method, status) => {
  for (const path of ["/", "/events", "/page.js"]) expect(await ask(path, host, method)).toBe(status);
});

test("listens on this machine alone", async () => {
  expect(await formation(stack, "dashboard", "--listen", "0.0.0.0:0")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("come through ssh -L from elsewhere") as string,
  });
  expect(await formation(stack, "dashboard", "--listen", String(port))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`cannot listen on 127.0.0.1:${port}: something else listens there`) as string,
  });
});

test("needs nothing from elsewhere", () => {
  expect(requests.length).toBeGreaterThan(3);
  expect(requests.filter((url) => !url.startsWith(`http://localhost:${port}/`))).toEqual([]);
});

test("says so when nothing is sent any more", async () => {
  dashboard.child.kill();
  await page.getByText("not connected; trying again …").waitFor(PATIENCE);
});

function ask(path: string, host: string, method: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { port, host: "127.0.0.1", path, method, headers: { host }, agent: false };
    request(options, (response) => {
      resolve(response.statusCode);
      response.destroy();
    })
      .once("error", reject)
      .end();
  });
}
