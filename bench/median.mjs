/** @param {readonly number[]} figures @returns {number} the middle one, of an even number the upper of the two; 0 of none */
export function median(figures) {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
}
