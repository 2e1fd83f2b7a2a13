import { spawn } from "node:child_process";
import { once } from "node:events";

const script = `
cat > /dev/null # returns when the test has closed it or is gone, however it ended
root=$1 cgroup=$2; shift 2
# Podman's containers are in control groups by their ids; what is frozen there does not die.
ids=$(ls "$root/root/overlay-containers")
for id in $ids; do
  echo THAWED > /sys/fs/cgroup/freezer/libpod_parent/libpod-$id/freezer.state ||
    echo 0 > /sys/fs/cgroup/libpod_parent/libpod-$id/cgroup.freeze
done
for name in "$@"; do
  pids=$(ip netns pids "$name") && [ -n "$pids" ] && kill -KILL $pids
  for i in $(seq 100); do [ -z "$(ip netns pids "$name")" ] && break; sleep 0.1; done
  ip netns delete "$name"
done
find /sys/fs/cgroup -depth -type d -path "*/$cgroup*" -exec rmdir {} ';'
for id in $ids; do find /sys/fs/cgroup -depth -type d -path "*/libpod-$id*" -exec rmdir {} ';'; done
rm -rf "$root"
`;

/**
 * Removes everything that a rig has made, by namespace: when told to, and also when the test was killed.
 *
 * @param names network namespaces; every process in them is one of the rig's own
 * @returns a function that removes it all now
 */
export function startJanitor(root: string, cgroup: string, names: readonly string[]): () => Promise<void> {
  const janitor = spawn("sh", ["-c", script, "sh", root, cgroup, ...names], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  janitor.unref();
  return async () => {
    if (janitor.exitCode !== null) return;
    janitor.ref();
    janitor.stdin.end();
    await once(janitor, "exit");
  };
}
