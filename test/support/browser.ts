import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { installPrograms } from "./install";

const SCREENSHOTS = join(__dirname, "../../.cache/screenshots");

export async function startBrowser(): Promise<Browser> {
  installPrograms("test-browser");
  // The browser's sandbox does not work for root, and containers have little of the shared memory that it uses.
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  return chromium.launch({ executablePath: "/usr/bin/chromium-headless-shell", args });
}

/** Lists axe-core's findings on a page: accessibility faults, and points it cannot judge. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Run through the browser, because the page's policy forbids a script of ours.
  await page.evaluate(axe.source);
  const { violations, incomplete } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  return [...violations, ...incomplete].flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Keeps a picture of the page in .cache/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
