import type Docker from "dockerode";
import type { Transport } from "./transport";

/** dockerode takes longer to load than an engine to be looked at: it is loaded when something is to be done. */
export async function dockerode(
  { options }: Transport,
  more: { readonly version?: string; readonly timeout?: number },
): Promise<Docker> {
  const { default: Docker } = await import("dockerode");
  return new Docker({ ...options, ...more });
}
