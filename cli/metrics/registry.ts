import { Counter, Gauge, Registry, type RegistryContentType } from "prom-client";
import { lastRelease, lastScale } from "./last-scale";
import { isReady, type Snapshot } from "./snapshot";

/** Format of the metrics. `prometheus` is the older one, which node_exporter reads from files. */
export type Format = "openmetrics" | "prometheus";

const CONTENT_TYPES: Readonly<Record<Format, RegistryContentType>> = {
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
};

/** Turns snapshots into metrics. A value that could not be observed is left out, not reported as 0. */
export function registryOf(snapshots: readonly Snapshot[], format: Format): Registry<RegistryContentType> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(CONTENT_TYPES[format]);
  for (const snapshot of snapshots) register(snapshot, registry);
  return registry;
}

function register(snapshot: Snapshot, registry: Registry<RegistryContentType>): void {
  const { project, stack, app } = snapshot;
  const whose = { project, stack, app };
  const labelled = (labels: string[]) => [...Object.keys(whose), ...labels];
  const counter = (name: string, help: string, labels: string[]) => {
    const options = { name: `formation_${name}_total`, help, labelNames: labelled(labels), registers: [registry] };
    const there = registry.getSingleMetric(options.name);
    const made = there instanceof Counter ? there : new Counter(options);
    return (value: number | undefined, more: Record<string, string>) => {
      if (value !== undefined) made.inc({ ...whose, ...more }, value);
    };
  };
  const gauge = (name: string, help: string, labels: string[] = []) => {
    const options = { name: `formation_${name}`, help, labelNames: labelled(labels), registers: [registry] };
    const there = registry.getSingleMetric(options.name);
    const made = there instanceof Gauge ? there : new Gauge(options);
    return (value: number | undefined, more: Record<string, string> = {}) => {
      if (value !== undefined) made.set({ ...whose, ...more }, value);
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
  const most = gauge(
    "process_memory_limit_bytes",
    "Memory that a process may use: its limit, or what there is.",
    ofProcess,
  );
  const state = gauge("process_state", "1 for the state that a process is in.", [...ofProcess, "state"]);
  const isUp = gauge("process_ready", "Whether a process is up and answers its health check: 1 or 0.", ofProcess);
  const started = gauge("process_start_time_seconds", "When a process was started.", ofProcess);
  const starved = gauge("process_out_of_memory", "1 for a process that was ended for want of memory.", ofProcess);
  const cpu = counter("process_cpu_seconds", "CPU time that a process has used since it was started.", ofProcess);
  const restarts = counter("process_restarts", "How often the engine has started a process again.", ofProcess);
  for (const row of snapshot.rows) {
    const { name, type, mark, place, details, usage } = row;
    // Containers that are not wanted are left out: a twin would be a duplicate series.
    if (mark !== undefined || place === undefined) continue;
    const process = { type, process: name };
    const { host, release } = place;
    if (release !== undefined) info(1, { ...process, host, release: release() });
    memory(usage?.memory, process);
    most(usage?.memoryLimit, process);
    state(1, { ...process, state: row.state.kind });
    if (row.state.kind !== "unknown") isUp(isReady(row, snapshot.failing) ? 1 : 0, process);
    if (["up", "starting", "unhealthy"].includes(row.state.kind)) started(secondsOf(details?.since), process);
    starved(details === undefined ? undefined : details.outOfMemory ? 1 : 0, process);
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

  const release = gauge("release_info", "1 for the release that was deployed last.", ["release", "image"]);
  release(1, { release: snapshot.release.name, image: snapshot.release.image });
  gauge("last_release_timestamp_seconds", "When something was released last.")(lastRelease(snapshot.log));

  const scale = lastScale(snapshot.log);
  gauge("last_scale_timestamp_seconds", "When the formation was last scaled.")(scale?.at);
  // The actor has a series of its own: as a label of the time, each new person would begin another series.
  const by = gauge("last_scale_info", "1 for who scaled the formation last.", ["actor"]);
  if (scale !== undefined) by(1, { actor: scale.actor });

  const { collected } = snapshot;
  gauge("collected_timestamp_seconds", "When all of this was measured.")(collected.at);
  gauge("collection_duration_seconds", "How long it took to measure it.")(collected.seconds);
}

function secondsOf(since: string | undefined): number | undefined {
  const at = since === undefined ? NaN : Date.parse(since) / 1000;
  return Number.isNaN(at) ? undefined : at;
}
