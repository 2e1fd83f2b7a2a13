import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { installPrograms } from "./install";

const SCREENSHOTS = join(__dirname, "../../.cache/screenshots");

export async function startBrowser(): Promise<Browser> {
  installPrograms("test-browser");
  // Its sandbox does not work for root, and containers have little of the shared memory that it likes to use.
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  return chromium.launch({ executablePath: "/usr/bin/chromium-headless-shell", args });
}

/** What axe-core finds wrong with a page for those who do not see it as we do, or cannot tell. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Not as a script of the page: its policy would not let it run.
  await page.evaluate(axe.source);
  const { violations, incomplete } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  return [...violations, ...incomplete].flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Kept in .cache/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
