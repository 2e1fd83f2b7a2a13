import type Docker from "dockerode";
import type { Transport } from "./transport";

/** For what streams, and for a Swarm. Loading it takes longer than a look at an engine: only those who need it do. */
export async function dockerode(
  { options }: Transport,
  more: { readonly version?: string; readonly timeout: number | undefined },
): Promise<Docker> {
  const { default: Docker } = await import("dockerode");
  return new Docker({ ...options, ...more });
}
