"use strict";
// Runs the provider in a process of its own, loaded by the text that every state holds, as Pulumi's host of dynamic
// providers loads it: one message in, one answer out. The argument is the address of Pulumi's engine.
const loaded = { exports: {} };
const load = new Function("exports", "require", 'exports.handler=()=>require("pulumi-formation/provider")');
load(loaded.exports, require);
const provider = loaded.exports.handler();

const config = JSON.parse(process.env.STACK_CONFIG);
const configured = provider.configure({ config: { get: (key) => config[key] } });

process.on("message", async ({ id, hook, args }) => {
  try {
    await configured;
    process.send({ id, value: await provider[hook](...args) });
  } catch (error) {
    const { message, properties, reasons } = error;
    process.send({ id, error: { message, properties, reasons } });
  }
});
process.on("disconnect", () => process.exit());
process.send({ id: 0 });
