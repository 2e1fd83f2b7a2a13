import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

const root = join(__dirname, "../../..");

/** The relative links of a page, as paths of the package. */
function linksIn(page: string): readonly string[] {
  const targets = [...readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(
    ([, to = ""]) => to,
  );
  const own = targets.filter((to) => !/^[a-z]+:/.test(to));
  return own.map((to) => posix.normalize(posix.join(posix.dirname(page), to)));
}

test("whoever has the package alone can follow every link of its pages", () => {
  const out = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(out) as [{ readonly files: readonly { readonly path: string }[] }];
  const files = packed.files.map(({ path }) => path);
  const isThere = (link: string) => files.some((file) => file === link || file.startsWith(`${link}/`));
  const pages = files.filter((file) => /^(README|docs\/[\w-]+)\.md$/.test(file));
  expect(pages.length).toBeGreaterThan(5);
  const dead = pages.flatMap((page) => linksIn(page).flatMap((link) => (isThere(link) ? [] : [`${page}: ${link}`])));
  // The benchmarks themselves are for those who have the repository.
  expect(dead.filter((link) => !link.includes(": bench/"))).toEqual([]);
  expect(
    files.filter((file) => /node_modules|(^|\/)\.|tsbuildinfo/.test(file) && !file.endsWith(".dockerignore")),
  ).toEqual([]);
});
