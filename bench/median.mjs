/**
 * Finds the median; of an even number of figures the upper one of the middle two, of none 0.
 *
 * @param {readonly number[]} figures
 * @returns {number}
 */
export function median(figures) {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
}
