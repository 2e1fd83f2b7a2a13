// A process that loads the provider from the text that every state holds, and answers calls of its hooks, as the process
// that hosts Pulumi's dynamic providers does; plain JSON goes in and out.
const PROVIDER = 'exports.handler=()=>require("pulumi-formation/provider")';

const loaded = { exports: {} };
new Function("exports", "require", PROVIDER)(loaded.exports, require);
const provider = loaded.exports.handler();

process.on("message", async ({ call, hook, args, config }) => {
  try {
    if (config !== undefined) await provider.configure({ config: { get: (key) => config[key] } });
    const answer = await provider[hook](...args);
    process.send({ call, answer: answer === undefined ? null : answer });
  } catch (error) {
    const { message, id, properties, reasons } = error;
    process.send({ call, error: { message, id, properties, reasons } });
  }
});
process.send({ ready: true });
