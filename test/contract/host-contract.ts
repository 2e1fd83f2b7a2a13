import { endContract } from "./end";
import { observeContract } from "./observe";
import { onceContract } from "./once";
import { readyContract } from "./ready";
import type { Ability, Subject } from "./subject";
import { runContract } from "./run";
import { Workbench } from "./workbench";

/** Tests every behaviour that a `Host` owes to its callers. */
export function hostContract(
  name: string,
  makeSubject: () => Promise<Subject>,
  lacks: Partial<Record<Ability, string>> = {},
): void {
  describe(`host contract: ${name}`, () => {
    const bench = new Workbench(lacks);
    beforeAll(async () => bench.setUp(await makeSubject()));
    afterAll(() => bench.clear());
    runContract(bench);
    readyContract(bench);
    endContract(bench);
    onceContract(bench);
    observeContract(bench);
  });
}
