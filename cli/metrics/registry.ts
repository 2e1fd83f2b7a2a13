import { Counter, Gauge, Registry, type RegistryContentType } from "prom-client";
import { lastScale } from "./last-scale";
import type { Snapshot } from "./snapshot";

/** `prometheus` is the older one, which node_exporter reads from files. */
export type Format = "openmetrics" | "prometheus";

const CONTENT_TYPES: Readonly<Record<Format, RegistryContentType>> = {
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
};

/** A snapshot as metrics. What cannot be seen has no value: nothing is said of it, rather than 0. */
export function registryOf(snapshot: Snapshot, format: Format): Registry<RegistryContentType> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(CONTENT_TYPES[format]);
  const { app } = snapshot;
  const counter = (name: string, help: string, labels: string[]) => {
    const labelNames = ["app", ...labels];
    const made = new Counter({ name: `formation_${name}_total`, help, labelNames, registers: [registry] });
    return (value: number | undefined, more: Record<string, string>) => {
      if (value !== undefined) made.inc({ app, ...more }, value);
    };
  };
  const gauge = (name: string, help: string, labels: string[] = []) => {
    const made = new Gauge({ name: `formation_${name}`, help, labelNames: ["app", ...labels], registers: [registry] });
    return (value: number | undefined, more: Record<string, string> = {}) => {
      if (value !== undefined) made.set({ app, ...more }, value);
    };
  };

  const desired = gauge("desired_processes", "Processes that are wanted.", ["type"]);
  const running = gauge("running_processes", "Processes that run.", ["type"]);
  const ready = gauge("ready_processes", "Processes that run, are healthy and do not crash.", ["type"]);
  const singleton = gauge("singleton", "1 for a type that must never run twice.", ["type"]);
  const copies = gauge("singleton_copies", "How many of a type that must never run twice do run.", ["type"]);
  for (const one of snapshot.types) {
    const type = { type: one.type };
    desired(one.desired, type);
    running(one.running, type);
    ready(one.ready, type);
    if (one.isSingleton) singleton(1, type);
    if (one.isSingleton) copies(one.running, type);
  }

  const ofProcess = ["type", "process"];
  const place = [...ofProcess, "host", "release"];
  const info = gauge("process_info", "1 for each process, with its host and its release.", place);
  const memory = gauge("process_memory_bytes", "Memory that a process uses.", ofProcess);
  const cpu = counter("process_cpu_seconds", "CPU time that a process has used since it was started.", ofProcess);
  const restarts = counter("process_restarts", "How often the engine has started a process again.", ofProcess);
  for (const { name, type, mark, place, details, usage } of snapshot.rows) {
    // A twin would be a second series of the same name.
    if (mark !== undefined || place === undefined) continue;
    const process = { type, process: name };
    const { host, release } = place;
    if (release !== undefined) info(1, { ...process, host, release: release() });
    memory(usage?.memory, process);
    cpu(usage?.cpuSeconds, process);
    restarts(details?.restarts, process);
  }

  const up = gauge("host_up", "Whether a host can be reached: 1 or 0.", ["host"]);
  for (const { name, isReachable } of snapshot.hosts) up(isReachable ? 1 : 0, { host: name });

  const service = ["service"];
  const connections = gauge("backing_service_connections", "Connections that the formation may need.", service);
  const limit = gauge("backing_service_connections_limit", "Connections that there are, less the reserve.", service);
  for (const [name, budget] of Object.entries(snapshot.budgets)) {
    connections(budget.used, { service: name });
    limit(budget.limit, { service: name });
  }

  const scale = lastScale(snapshot.log);
  const scaled = gauge("last_scale_timestamp_seconds", "When the formation was last scaled, and by whom.", ["actor"]);
  if (scale !== undefined) scaled(scale.at, { actor: scale.actor });
  return registry;
}
