import { endContract } from "./end";
import { observeContract } from "./observe";
import { onceContract } from "./once";
import { readyContract } from "./ready";
import type { Subject } from "./subject";
import { runContract } from "./run";
import { Workbench } from "./workbench";

/** Every behaviour that a `Host` owes to those who use it. */
export function hostContract(name: string, makeSubject: () => Promise<Subject>): void {
  describe(`host contract: ${name}`, () => {
    const bench = new Workbench();
    beforeAll(async () => bench.setUp(await makeSubject()));
    afterAll(() => bench.clear());
    runContract(bench);
    readyContract(bench);
    endContract(bench);
    onceContract(bench);
    observeContract(bench);
  });
}
