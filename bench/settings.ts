// Settings of every contestant's containers, in the engine's words and in docker compose's. They are those that the
// provider gives its own, so that all contestants are measured at the same work.

export const command = ["sleep", "1000000"];
export const stopSeconds = 30;
const pids = 4096;
const log = { "max-size": "10m", "max-file": "3" };

/** Makes the body of a create call. */
export function createBody(image: string, index: number, version: number, labels: Readonly<Record<string, string>>) {
  return {
    Image: image,
    Hostname: `worker.${index}`,
    Cmd: command,
    Env: [
      `PS=worker.${index}`,
      `DYNO=worker.${index}`,
      `FORMATION_PROCESS=worker.${index}`,
      "FORMATION_APP=bench",
      `VERSION=${version}`,
    ],
    Labels: labels,
    StopTimeout: stopSeconds,
    HostConfig: {
      Init: true,
      PidsLimit: pids,
      SecurityOpt: ["no-new-privileges"],
      RestartPolicy: { Name: "always" },
      LogConfig: { Type: "json-file", Config: log },
    },
  };
}

/** Makes a compose file; JSON is YAML. */
export function composeFile(image: string, version: number): string {
  const worker = {
    image,
    command,
    pull_policy: "never",
    init: true,
    restart: "always",
    pids_limit: pids,
    security_opt: ["no-new-privileges"],
    environment: { VERSION: String(version) },
    logging: { driver: "json-file", options: log },
    stop_grace_period: `${stopSeconds}s`,
    // The engine's own bridge is used, as for the other contestants, so that no network is made.
    network_mode: "bridge",
  };
  return JSON.stringify({ services: { worker } });
}
