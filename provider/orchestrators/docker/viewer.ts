import type { ContainerInfo, ContainerInspectInfo } from "../../engine/containers";
import { hasCode } from "../../core/values/errors";
import { LABEL } from "../../core/model/labels";
import { observedInstance, underFirstId } from "./container/container";
import { query, type EngineHttp } from "../../engine/client";
import { limit } from "../../engine/limit";
import { engineTime, logLines } from "../../engine/log-lines";
import { readStatus } from "./container/status-text";
import { readUsage, type Stats } from "./stats";
import type { LogLine } from "../../engine/log-lines";
import type { ContainerEvent, Details, LogQuery, Seen, Usage, Viewer } from "../viewer";

/** Calls in flight, near the engine's best: more only queue inside it. */
const CALLS_IN_FLIGHT = 8;
/** Measurements in flight. An engine measures all containers at once, every second, so calls that wait do no work. */
const MEASURES_IN_FLIGHT = 100;
const MEASURE_TIMEOUT_MS = 30_000;
const ACTIONS = ["create", "start", "die", "destroy"] satisfies ContainerEvent["action"][];

/** Read-only view of a Docker engine. */
export class DockerViewer implements Viewer {
  readonly name: string;
  readonly address: string;
  readonly #engine: EngineHttp;
  readonly #inspects = limit(CALLS_IN_FLIGHT);
  readonly #measures = limit(MEASURES_IN_FLIGHT);

  constructor(engine: EngineHttp) {
    this.#engine = engine;
    this.name = engine.host.name;
    this.address = engine.host.address;
  }

  close(): void {
    this.#engine.close();
  }

  async engine(): Promise<string> {
    return (await this.#engine.get<{ ID: string }>("/info")).ID;
  }

  async list(app: string): Promise<readonly Seen[]> {
    const parameters = query({ all: true, filters: { label: [`${LABEL.app}=${app}`] } });
    const list = await this.#engine.get<ContainerInfo[]>(`/containers/json${parameters}`);
    return underFirstId(list).map((info) => ({
      ...observedInstance(this.name, info),
      ...readStatus(info.Status),
      command: info.Command,
    }));
  }

  inspect(containers: readonly string[]): Promise<ReadonlyMap<string, Details>> {
    return this.#each(containers, async (id) => {
      const path = `/containers/${id}/json`;
      return detailsOf(await this.#inspects(() => this.#engine.get<ContainerInspectInfo>(path)));
    });
  }

  usage(containers: readonly string[]): Promise<ReadonlyMap<string, Usage>> {
    return this.#each(containers, async (id) => {
      const path = `/containers/${id}/stats${query({ stream: false })}`;
      return readUsage(await this.#measures(() => this.#engine.get<Stats>(path, MEASURE_TIMEOUT_MS)));
    });
  }

  logs(container: string, { tail, since, follow }: LogQuery, signal: AbortSignal): AsyncIterable<LogLine> {
    const parameters = query({
      stdout: true,
      stderr: true,
      timestamps: true,
      tail,
      follow: follow ?? false,
      since: since === undefined ? undefined : engineTime(since),
    });
    return logLines(this.#engine.stream(`/containers/${container}/logs${parameters}`, signal));
  }

  async *events(app: string, signal: AbortSignal): AsyncGenerator<ContainerEvent> {
    const filters = { type: ["container"], event: ACTIONS, label: [`${LABEL.app}=${app}`] };
    let rest = "";
    for await (const chunk of this.#engine.stream(`/events${query({ filters })}`, signal)) {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines.filter((one) => one.trim() !== "")) {
        const { id, Action } = JSON.parse(line) as { id: string; Action: ContainerEvent["action"] };
        yield { container: id, action: Action };
      }
    }
  }

  /** Asks about each container; containers that are gone are left out. */
  async #each<T>(containers: readonly string[], look: (id: string) => Promise<T | undefined>): Promise<Map<string, T>> {
    const found = await Promise.all(
      containers.map(async (id): Promise<[string, T] | undefined> => {
        try {
          const what = await look(id);
          return what === undefined ? undefined : [id, what];
        } catch (error) {
          if (hasCode(error, "NotFound")) return undefined;
          throw error;
        }
      }),
    );
    return new Map(found.filter((one) => one !== undefined));
  }
}

function detailsOf({ State: state, RestartCount: restarts }: ContainerInspectInfo): Details {
  const since = state.Running || state.Status === "created" ? state.StartedAt : state.FinishedAt;
  return {
    ...(since.startsWith("0001-") ? {} : { since }),
    restarts,
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled,
  };
}
