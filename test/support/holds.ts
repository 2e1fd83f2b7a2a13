import fc from "fast-check";

const { FC_PATH, FC_SECONDS, CI } = process.env;
// Random values find faults, but must not decide on a merge: in CI they are the same each time.
const FC_SEED = process.env["FC_SEED"] ?? (CI === undefined || CI === "false" ? undefined : "20261125");
// Shrinking a counterexample takes longer than finding it.
jest.setTimeout((Number(FC_SECONDS ?? 180) + 60) * 1000);

/**
 * Tries a property on random values. A failure prints a seed and a path; `FC_SEED=… FC_PATH=… npx jest …` brings the
 * same values again. `FC_SECONDS=600` tries for longer.
 *
 * @param seconds most time that it takes: on a slow machine, fewer values are tried
 */
export async function holds<T>(
  values: fc.Arbitrary<T>,
  test: (value: T) => Promise<void>,
  runs = 100,
  seconds = 4,
): Promise<void> {
  let running = Promise.resolve();
  const property = fc.asyncProperty(values, (value) => (running = test(value)));
  await fc.assert(property, {
    ...(FC_SEED === undefined ? {} : { seed: Number(FC_SEED) }),
    ...(FC_PATH === undefined ? {} : { path: FC_PATH }),
    numRuns: FC_SECONDS === undefined ? runs : 1_000_000,
    interruptAfterTimeLimit: Number(FC_SECONDS ?? seconds) * 1000,
  });
  // A try that is under way when the time is over goes on, and is waited for.
  await running;
}
