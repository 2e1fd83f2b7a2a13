import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { oncePossible } from "../project/files";
import { isEncrypted, unsealed, type RecordedResource } from "../state/checkpoint";
import type { Properties } from "./grpc";
import type { Job } from "./job";
import type { StackOutputs } from "./language";
import { onWire } from "./seals";
import { outputsAfter } from "./stack-outputs";

const STACK = "pulumi:pulumi:Stack";

/** Computes the stack's outputs after the target's update, without losing an earlier one. */
export function recordedOutputs(job: Job): StackOutputs {
  const find = (is: (one: RecordedResource) => boolean) => job.resources.find(is)?.outputs ?? {};
  const stack = find((one) => one.type === STACK);
  const target = unsealed(find((one) => one.urn === job.target)) as Properties;
  const recorded = onWire(stack) as Properties;
  return () => {
    const follows = outputsAfter(recorded, target, {}) !== undefined;
    if (!follows || !isEncrypted(unsealed(stack)))
      return (after) => Promise.resolve(outputsAfter(recorded, target, after));
    // Decrypts in parallel with the update.
    const clear = oncePossible(() => decrypted(job));
    clear.catch(() => undefined);
    return async (after) => outputsAfter(onWire(await clear) as Properties, target, after);
  };
}

/** Decrypts the stack's outputs, because Pulumi takes all of them or none, secret ones included. */
async function decrypted({ command, folder, stack }: Job): Promise<Properties> {
  const args = ["stack", "export", "--show-secrets", "--stack", stack, "--non-interactive"];
  const { stdout } = await promisify(execFile)(command, args, { cwd: folder, maxBuffer: Infinity });
  const { deployment } = JSON.parse(stdout) as { deployment: { resources?: RecordedResource[] } };
  return deployment.resources?.find(({ type }) => type === STACK)?.outputs ?? {};
}
