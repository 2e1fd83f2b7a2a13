// Part of the Docker Engine API that set-up and demo need, with nothing installed.
import { request } from "node:http";

export const defaultSocket = "/var/run/docker.sock";
const answerSeconds = 5;

/**
 * Finds the engine at DOCKER_HOST or else at the default socket. The provider knows docker contexts as well.
 *
 * @returns {{ address: string, socketPath?: string, host?: string, port?: string }}
 */
export function engineAddress(env = process.env) {
  const address = env.DOCKER_HOST || `unix://${defaultSocket}`;
  if (address.startsWith("unix://")) return { address, socketPath: address.slice("unix://".length) };
  const tcp = /^(?:tcp|http):\/\/([^/:]+)(?::(\d+))?\/?$/.exec(address);
  if (tcp && !env.DOCKER_TLS_VERIFY) return { address, host: tcp[1], port: tcp[2] ?? "2375" };
  throw new Error(
    `DOCKER_HOST is ${address}: set-up speaks to unix:// and, without TLS, tcp:// only; unset DOCKER_HOST to use this machine's engine`,
  );
}

/** @returns {Promise<boolean>} true when an engine answers */
export async function ping() {
  try {
    return (await call("GET", "/_ping", { idleSeconds: answerSeconds })).status === 200;
  } catch {
    return false;
  }
}

/**
 * Makes one call. A status of 400 and above is an answer, not an error.
 *
 * @param {string} method
 * @param {string} path with its query
 * @param {{ body?: import("node:stream").Readable, idleSeconds?: number, onData?: (text: string) => void }} [options]
 * @returns {Promise<{ status: number, text: string }>}
 */
export function call(method, path, { body, idleSeconds, onData } = {}) {
  const { socketPath, host, port } = engineAddress();
  return new Promise((resolve, reject) => {
    const headers = body ? { "Content-Type": "application/x-tar" } : {};
    const sent = request({ socketPath, host, port, method, path, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (data) => ((text += data), onData?.(data)));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    if (idleSeconds) {
      sent.setTimeout(idleSeconds * 1000, () => sent.destroy(new Error(`the engine was silent for ${idleSeconds} s`)));
    }
    if (body) body.on("error", (error) => sent.destroy(error)).pipe(sent);
    else sent.end();
  });
}

/**
 * Makes a call that answers with JSON; undefined when the thing asked for does not exist.
 *
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function get(path) {
  const { status, text } = await call("GET", path, { idleSeconds: 30 });
  if (status === 404) return undefined;
  if (status >= 400) throw new Error(`the Docker engine refuses GET ${path}: ${message(text)}`);
  return JSON.parse(text);
}

/**
 * Makes a call that reports its progress as lines of JSON and may fail in the middle of them (pull, import, build).
 *
 * @param {string} path
 * @param {{ body?: import("node:stream").Readable, idleSeconds?: number }} [options]
 */
export async function post(path, options) {
  const { status, text } = await call("POST", path, options);
  if (status >= 400) throw new Error(message(text));
  const failed = text.split("\n").find((line) => line.startsWith('{"error"'));
  if (failed) throw new Error(message(failed));
  const said = text.split("\n").map((line) => (/^\{"stream":/.test(line) ? JSON.parse(line).stream : ""));
  return said.join("");
}

/** @param {string} text */
export function message(text) {
  try {
    const { message: said, error } = JSON.parse(text);
    return said ?? error ?? text;
  } catch {
    return text.trim();
  }
}
