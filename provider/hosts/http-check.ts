import { formatEndpoint } from "../core/addresses";
import type { HttpCheck } from "../core/process-type";

/** Asks once. @returns what is wrong with the answer, if anything */
export async function httpFailure(address: string, port: number, check: HttpCheck): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${formatEndpoint(address, port)}${check.path}`, {
      redirect: "manual",
      headers: { "User-Agent": "pulumi-formation" },
      signal: AbortSignal.timeout(check.timeout * 1000),
    });
    await response.body?.cancel();
    const { status } = response;
    const isGood = check.status === undefined ? status >= 200 && status < 400 : status === check.status;
    return isGood ? undefined : `status ${status}`;
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code;
    return cause ?? (error instanceof Error ? error.message : String(error));
  }
}
