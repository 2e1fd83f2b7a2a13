"use strict";
// The provider in a process of its own, as Pulumi's host of dynamic providers has it: one message in, one answer out.
const provider = require("../../dist/provider");

process.on("message", async ({ id, hook, args }) => {
  try {
    process.send({ id, value: await provider[hook](...args) });
  } catch (error) {
    const { message, properties, reasons } = error;
    process.send({ id, error: { message, properties, reasons } });
  }
});
process.on("disconnect", () => process.exit());
process.send({ id: 0 });
