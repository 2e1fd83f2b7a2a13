import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { commandLines } from "../support/processes";
import { startPodman } from "../support/podman";

// Podman has no daemon: its containers outlive the program that asked for them.

const groups = "/sys/fs/cgroup";

/** Folders of control groups that have one of the ids in their names. */
function groupsOf(ids: readonly string[]): readonly string[] {
  const parents = [groups, ...readdirSync(groups).map((name) => join(groups, name))].map((one) =>
    join(one, "libpod_parent"),
  );
  const all = parents.filter((one) => existsSync(one)).flatMap((one) => readdirSync(one));
  return all.filter((name) => ids.some((id) => name.includes(id)));
}

test("nothing is left of a Podman, whatever its containers are doing", async () => {
  const podman = await startPodman();
  const start = async (...Cmd: string[]) => {
    const HostConfig = { RestartPolicy: { Name: "always" } };
    const container = await podman.docker.createContainer({ Image: podman.image, Cmd, HostConfig });
    await container.start();
    return container;
  };
  const containers = [await start("sleep", "1000"), await start("sleep", "1001"), await start("sh", "-c", "exit 3")];
  await containers[1]!.pause();
  const ids = containers.map(({ id }) => id);
  expect(groupsOf(ids).length).toBeGreaterThanOrEqual(2);

  await podman.stop();
  expect(existsSync(podman.folder)).toBe(false);
  expect(groupsOf(ids)).toEqual([]);
  const commands = commandLines().map((words) => words.join(" "));
  expect(commands.filter((command) => [...ids, podman.folder].some((mark) => command.includes(mark)))).toEqual([]);
});
