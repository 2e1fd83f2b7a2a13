import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBaseImage, tar } from "../setup/base-image.mjs";
import { call, get, message, post } from "../setup/engine.mjs";
import { say, withHeartbeat } from "../setup/run.mjs";
import { example } from "./stack.mjs";

export const image = "procfile-app:1";
/** Seconds without progress after which a pull is given up. */
const silentSeconds = 10;

/** Builds the example's image as its Dockerfile says, on the local base where the public one cannot be pulled. */
export async function buildImage() {
  const query = new URLSearchParams({ t: image, rm: "1", buildargs: JSON.stringify({ BASE: await baseImage() }) });
  await withHeartbeat(`building the image ${image}`, () =>
    post(`/build?${query}`, { body: tar(example, ["Dockerfile", "app"]) }),
  );
}

async function baseImage() {
  const [, wanted = ""] = /^ARG BASE=(\S+)$/m.exec(readFileSync(join(example, "Dockerfile"), "utf8")) ?? [];
  if (await get(`/images/${wanted}/json`)) return wanted;
  const [name = "", tag = "latest"] = wanted.split(":");
  try {
    await withHeartbeat(`pulling the base image ${wanted}`, () =>
      post(`/images/create?${new URLSearchParams({ fromImage: name, tag })}`, { idleSeconds: silentSeconds }),
    );
    return wanted;
  } catch (error) {
    const local = await ensureBaseImage();
    say(`  it cannot be pulled (${error instanceof Error ? error.message : error}); building on ${local} instead`);
    return local;
  }
}

/** @returns {Promise<boolean>} true when there was an image to remove */
export async function removeImage() {
  const { status, text } = await call("DELETE", `/images/${image}`);
  if (status === 404) return false;
  if (status >= 400) throw new Error(`the image ${image} stays: ${message(text)}`);
  return true;
}
