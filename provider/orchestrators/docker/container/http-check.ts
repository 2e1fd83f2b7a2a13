import { get } from "node:http";
import type { HttpCheck } from "../../../core/inputs/process-type";

/** Asks once, on a new connection: one that stays open could keep a process from stopping. @returns the failure */
export function httpFailure(host: string, port: number, check: HttpCheck): Promise<string | undefined> {
  const { path, timeout, status: wanted, headers: own = {} } = check;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(Math.ceil(timeout * 1000));
    const given = Object.entries(own).map(([name, value]) => [name, String(value)] as const);
    const headers = { "User-Agent": "pulumi-formation", ...Object.fromEntries(given) };
    const request = get({ host, port, path, agent: false, headers, signal }, (response) => {
      const { statusCode: status = 0 } = response;
      response.destroy();
      const isGood = wanted === undefined ? status >= 200 && status < 400 : status === wanted;
      resolve(isGood ? undefined : `status ${status}`);
    });
    request.on("error", (error: NodeJS.ErrnoException) =>
      resolve(signal.aborted ? `no answer within ${timeout} s` : (error.code ?? error.message)),
    );
  });
}
