import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type Docker from "dockerode";
import type { Host } from "../../provider/orchestrators/docker/host/host";
import type { Look, Subject } from "../contract/subject";

/** Makes the subject of the contract suite for a real engine. @param docker another way to the same engine */
export function dockerSubject(host: Host, docker: Docker, image: string) {
  const container = (name: string) => docker.getContainer(name);
  const subject: Subject = {
    host,
    image,
    freePort,
    engine: {
      now: () => performance.now() / 1000,
      sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
      create: async (options) => (await docker.createContainer(options)).id,
      start: (name) => container(name).start() as Promise<void>,
      pause: (name) => container(name).pause() as Promise<void>,
      removeByForce: (name) => container(name).remove({ force: true }) as Promise<void>,
      look: async (name): Promise<Look | undefined> => {
        try {
          const { Id: id, State, HostConfig } = await container(name).inspect();
          return { id, state: State.Status, policy: HostConfig.RestartPolicy?.Name ?? "no" };
        } catch (error) {
          if ((error as { statusCode?: number }).statusCode === 404) return undefined;
          throw error;
        }
      },
      restarts: async (name) => (await container(name).inspect()).RestartCount,
      output: async (name) => (await container(name).logs({ stdout: true, stderr: true })).toString(),
      names: async (prefix) => {
        const all = await docker.listContainers({ all: true });
        return all.map((one) => (one.Names[0] ?? "").slice(1)).filter((name) => name.startsWith(prefix));
      },
    },
  };
  return {
    ...subject,
    inspect: (name: string): Promise<object> => container(name).inspect(),
    removeVolume: (name: string) => docker.getVolume(name).remove() as Promise<void>,
  };
}

/** Finds a port below the range for outgoing connections and above the one that formations use. */
async function freePort(): Promise<number> {
  const port = randomInt(30_000, 32_767);
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
}
