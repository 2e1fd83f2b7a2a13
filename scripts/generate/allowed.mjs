// What may be given for an input, in the words in which a wrong value is refused: nothing says it twice.

/** @typedef {import("./places.mjs").Step} Step */

/**
 * @param {{ safeParse: (raw: unknown) => { error?: any } }} shape of all inputs
 * @param {(error: any) => string[]} faultsOf
 */
export function allowedIn(shape, faultsOf) {
  return (/** @type {readonly Step[]} */ steps) => {
    const { error } = shape.safeParse(around(steps));
    const path = steps.map(keyOf).join(".");
    const fault = (error ? faultsOf(error) : []).find((one) => one.startsWith(`${path} is `));
    return /: give ([^]+)$/.exec(fault ?? "")?.[1];
  };
}

/** No input may be null. @param {readonly Step[]} steps @returns {unknown} inputs with a wrong value at a place */
function around([step, ...rest]) {
  if (step === undefined) return null;
  if (step.kind === "item") return [around(rest)];
  return step.kind === "entry" ? { [keyOf(step)]: around(rest) } : { ...step.beside, [step.name]: around(rest) };
}

/** @param {Step} step */
const keyOf = (step) => (step.kind === "property" ? step.name : step.kind === "item" ? "0" : "web");
