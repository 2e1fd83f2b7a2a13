"use strict";
const { setTimeout: sleep } = require("node:timers/promises");

/** Calls `tick` with 1, 2, 3 … each second until SIGTERM, and never leaves one half done. */
module.exports = async function everySecond(name, tick) {
  const stop = new AbortController();
  process.on("SIGTERM", () => stop.abort());
  for (let n = 1; !stop.signal.aborted; n++) {
    await tick(n);
    await sleep(1000, undefined, { signal: stop.signal }).catch(() => {});
  }
  console.log(`${name} stopped`);
};
