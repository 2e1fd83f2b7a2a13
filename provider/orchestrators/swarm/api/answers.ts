import * as z from "zod";
import { compare } from "../../../core/values/formation";
import { keyIn } from "../../../core/model/labels";
import { plainLine } from "../../../core/values/plain";
import { provedIdentity } from "../../../core/model/ownership";
import type { ObservedNode, ObservedService, ObservedTask } from "../plan/observed";
import type { ServiceSpec } from "../plan/service/service";

// Answers of a manager, parsed as far as we rely on them. The engine leaves out zeros and empty values.

const words = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((all) => all ?? {});
const list = z
  .array(z.unknown())
  .nullish()
  .transform((all) => all ?? []);
const portList = z
  .array(
    z.looseObject({
      TargetPort: z.number().default(0),
      PublishedPort: z.number().default(0),
      PublishMode: z.string().default("ingress"),
    }),
  )
  .nullish()
  .transform((all) => all ?? []);
const placement = z
  .looseObject({ Constraints: words, Preferences: list })
  .default({ Constraints: [], Preferences: [] });

const spec = z.looseObject({
  Name: z.string(),
  Labels: labels,
  TaskTemplate: z.looseObject({
    ContainerSpec: z.looseObject({
      Image: z.string().default(""),
      Labels: labels,
      Args: words,
      Env: words,
      Mounts: list,
      Secrets: list,
    }),
    Resources: z.looseObject({}).default({}),
    RestartPolicy: z.looseObject({}).default({}),
    Placement: placement,
    Networks: list,
    ForceUpdate: z.number().default(0),
  }),
  // A service that is not replicated is never ours, but may carry our label.
  Mode: z.looseObject({ Replicated: z.looseObject({ Replicas: z.number().default(0) }).default({ Replicas: 0 }) }),
  EndpointSpec: z.looseObject({ Ports: portList }).default({ Ports: [] }),
});

const service = z.looseObject({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: spec,
  Endpoint: z.looseObject({ Ports: portList }).default({ Ports: [] }),
});

export function observedService(answer: unknown): ObservedService {
  const { ID, Version, Spec, Endpoint } = service.parse(answer);
  return {
    id: ID,
    version: Version.Index,
    spec: Spec as unknown as ServiceSpec,
    meshPorts: Endpoint.Ports.filter((port) => port.PublishMode === "ingress" && port.PublishedPort > 0).map(portOf),
  };
}

const task = z.looseObject({
  ID: z.string(),
  CreatedAt: z.string(),
  ServiceID: z.string().default(""),
  Slot: z.number().default(0),
  NodeID: z.string().optional(),
  DesiredState: z.string(),
  Spec: z.looseObject({
    ContainerSpec: z.looseObject({ Labels: labels, Env: words }),
    Placement: placement,
  }),
  Status: z.looseObject({
    State: z.string(),
    Err: z.string().default(""),
    ContainerStatus: z.looseObject({ ContainerID: z.string().default(""), ExitCode: z.number().default(0) }).nullish(),
    PortStatus: z.looseObject({ Ports: portList }).nullish(),
  }),
});

export function observedTask(answer: unknown): ObservedTask {
  const { ID, CreatedAt, ServiceID, Slot, NodeID, DesiredState, Spec, Status } = task.parse(answer);
  const identity = provedIdentity({ labels: {} }, keyIn(Spec.ContainerSpec.Env));
  const ports = (Status.PortStatus?.Ports ?? []).filter((port) => port.PublishedPort > 0);
  return {
    id: ID,
    service: ServiceID,
    slot: Slot,
    state: Status.State,
    desired: DesiredState,
    ...(NodeID === undefined || NodeID === "" ? {} : { node: NodeID }),
    error: plainLine(Status.Err),
    exitCode: Status.ContainerStatus?.ExitCode ?? 0,
    container: Status.ContainerStatus?.ContainerID ?? "",
    createdAt: Date.parse(CreatedAt) / 1000,
    labels: Spec.ContainerSpec.Labels,
    constraints: Spec.Placement.Constraints,
    ...(identity === undefined ? {} : { identity }),
    ports: ports.filter((port) => port.PublishMode === "host").map(portOf),
  };
}

const shown = z.looseObject({
  Spec: z.looseObject({ ContainerSpec: z.looseObject({ Args: words }) }),
  Status: z.looseObject({ Timestamp: z.string() }),
});

/** Details of a task that are only shown to users. */
export function shownOf(answer: unknown): { readonly command: string; readonly since: string } {
  const { Spec, Status } = shown.parse(answer);
  return { command: Spec.ContainerSpec.Args.join(" "), since: Status.Timestamp };
}

const node = z.looseObject({
  ID: z.string(),
  Spec: z.looseObject({ Availability: z.enum(["active", "pause", "drain"]), Labels: labels }),
  Description: z.looseObject({
    Hostname: z.string().default(""),
    Resources: z.looseObject({ NanoCPUs: z.number().default(0), MemoryBytes: z.number().default(0) }),
  }),
  Status: z.looseObject({ State: z.string(), Addr: z.string().default("") }),
});

export function observedNodes(answers: readonly unknown[]): ObservedNode[] {
  const all = answers.map((answer) => node.parse(answer));
  const names = all.map((one) => plainLine(one.Description.Hostname));
  const isAmbiguous = (name: string) => name === "" || names.filter((one) => one === name).length > 1;
  return all
    .map(({ ID, Spec, Description, Status }): ObservedNode => {
      const { Resources } = Description;
      const name = plainLine(Description.Hostname);
      return {
        id: ID,
        name: isAmbiguous(name) ? `${name}-${ID.slice(0, 6)}` : name,
        address: `tcp://${Status.Addr}`,
        isUp: Status.State === "ready",
        availability: Spec.Availability,
        labels: Spec.Labels,
        capacity: { cpus: Resources.NanoCPUs, memory: Resources.MemoryBytes },
      };
    })
    .sort((a, b) => compare(a.name, b.name));
}

function portOf({ PublishedPort, TargetPort }: { readonly PublishedPort: number; readonly TargetPort: number }) {
  return { port: PublishedPort, target: TargetPort };
}
