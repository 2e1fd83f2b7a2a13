import type Docker from "dockerode";
import type { ContainerCreateOptions, ContainerInfo } from "dockerode";
import type { DesiredInstance } from "../core/desired";
import { healthCheck } from "../core/health-check";
import { LABEL, labelsOf } from "../core/labels";
import type { ContainerState, ObservedInstance } from "../core/observed";

interface Created {
  readonly container: Docker.Container;
  /** What the engine did not like about it, but made all the same. */
  readonly warnings: readonly string[];
}

/** dockerode's own call drops the warnings, and puts all options into its address, where values of env end up in logs. */
export async function createContainer(docker: Docker, { name, ...body }: ContainerCreateOptions): Promise<Created> {
  const call = {
    ...{ path: "/containers/create?", method: "POST", options: { _query: { name }, _body: body } },
    statusCodes: { 201: true, 404: "no such image", 409: "conflict" },
  };
  type Answer = { readonly Id: string; readonly Warnings: readonly string[] | null };
  const answer = await new Promise<Answer>((resolve, reject) =>
    docker.modem.dial(call, (error, body) => {
      if (error) reject(error);
      else resolve(body as unknown as Answer);
    }),
  );
  return { container: docker.getContainer(answer.Id), warnings: answer.Warnings ?? [] };
}

/** A wanted container in the engine's words. */
export function createOptions(want: DesiredInstance, hostPort: number | undefined): ContainerCreateOptions {
  const port = `${want.publish?.port ?? 0}/tcp`;
  return {
    name: want.name,
    Image: String(want.image),
    Hostname: want.hostname,
    Cmd: [...want.arguments],
    Env: Object.entries(want.env).map(([name, value]) => `${name}=${String(value)}`),
    Labels: labelsOf(want),
    StopTimeout: Math.ceil(want.stopTimeout),
    // What an image names as its own stop signal would be sent instead.
    StopSignal: "SIGTERM",
    ...(want.healthTest === undefined ? {} : { Healthcheck: healthCheck(want.healthTest) }),
    ...(want.publish === undefined ? {} : { ExposedPorts: { [port]: {} } }),
    HostConfig: {
      Init: true,
      PidsLimit: 4096,
      SecurityOpt: ["no-new-privileges"],
      // `unless-stopped` leaves processes down for good after a crash of the engine.
      RestartPolicy: { Name: want.restart ? "always" : "no" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
      ...(want.cpus === undefined ? {} : { NanoCpus: want.cpus }),
      ...(want.memory === undefined ? {} : { Memory: want.memory }),
      ...(want.network === undefined ? {} : { NetworkMode: String(want.network) }),
      ...(want.publish === undefined || hostPort === undefined
        ? {}
        : { PortBindings: { [port]: [{ HostIp: want.publish.address, HostPort: String(hostPort) }] } }),
    },
  };
}

/** An entry of the engine's list of containers that carries our labels. */
export function observedInstance(host: string, info: ContainerInfo): ObservedInstance {
  const label = (name: string) => info.Labels[name] ?? "";
  const published = info.Ports.find((port) => Boolean(port.PublicPort));
  const health = /\((healthy|unhealthy|health: starting)\)/.exec(info.Status)?.[1]?.replace("health: ", "");
  return {
    host,
    container: info.Id,
    name: nameOf(info),
    app: label(LABEL.app),
    owner: label(LABEL.owner),
    type: label(LABEL.type),
    index: Number(label(LABEL.index)),
    singleton: label(LABEL.singleton) === "true",
    image: label(LABEL.image),
    imageId: info.ImageID,
    configuration: label(LABEL.configuration),
    stopTimeout: Number(label(LABEL.stopTimeout) || 30),
    state: info.State as ContainerState,
    ...(health === undefined ? {} : { health: health as "starting" | "healthy" | "unhealthy" }),
    createdAt: info.Created,
    ...(published === undefined ? {} : { published: { address: published.IP, port: published.PublicPort } }),
  };
}

export function nameOf({ Names: names }: Pick<ContainerInfo, "Names">): string {
  return (names[0] ?? "").replace(/^\//, "");
}
