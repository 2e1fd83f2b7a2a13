import type Docker from "dockerode";
import type { Transport } from "./transport";

/** For what streams. It takes longer to load than many an engine to be looked at: that is left to those who need it. */
export async function dockerode(
  { options }: Transport,
  more: { readonly version?: string; readonly timeout: number | undefined },
): Promise<Docker> {
  const { default: Docker } = await import("dockerode");
  return new Docker({ ...options, ...more });
}
