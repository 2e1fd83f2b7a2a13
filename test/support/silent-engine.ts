import type { Asked } from "../../provider/engine/client";

/** A local engine whose calls fail, and whose streams are empty. */
export const silentEngine: Asked = {
  host: { name: "a", address: "unix:///var/run/docker.sock", explain: () => undefined },
  get: () => Promise.reject(new Error("there is nothing to look at")),
  stream: noChunks,
};

async function* noChunks(): AsyncGenerator<Buffer> {}
