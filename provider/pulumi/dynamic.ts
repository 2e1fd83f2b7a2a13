import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { findActor } from "../lifecycle/actor";
import { explain, FormationError, hasCode } from "../core/values/errors";
import { hider } from "../core/record/hidden";
import { inputsWithSecrets } from "../core/record/secrets";
import type { Seconds } from "../core/values/units";
import {
  isByApp,
  REQUEST_VARIABLE,
  request as requestShape,
  type ByApp,
  type Request,
} from "../core/inputs/operator-request";
import { delivered, resourceLog } from "./resource-log";
import { connect, connectSwarm } from "../orchestrators/connect";
import type { Host } from "../orchestrators/docker/host/host";
import type { Swarm } from "../orchestrators/swarm/api/swarm";
import { SharedConnections } from "./connections";
import * as lifecycle from "../lifecycle";
import { isProcessGone, ownProcess } from "../engine/own-process";
import type { Properties } from "../core/record/properties";
import { refuseUnderRequest } from "../lifecycle/requested";
import { reasonsShown, shown } from "./shown";
import type { HookContext } from "../orchestrators/hook-context";
import { clean, hidden, known, sealed } from "./wire";

// The adapter to Pulumi's dynamic provider: it translates and never decides.

interface Config {
  readonly get: (key: string) => string | undefined;
}

let config: Config = { get: () => undefined };

let isPulumiGone = false;
let watching = false;
/** The address of Pulumi's engine: Pulumi's own host of dynamic providers has it as an argument. */
let pulumiAddress = process.argv[2];

/** Lets a process that hosts the provider itself tell where Pulumi's engine is, and when it is gone. */
export function attached(): { readonly at: (address: string) => void; readonly gone: () => void } {
  watching = true;
  return { at: (address) => (pulumiAddress = address), gone: () => (isPulumiGone = true) };
}

/** End of file on stdin means that Pulumi's engine is gone: what was begun is finished, nothing more is begun. */
function watchPulumi(): void {
  if (watching) return;
  watching = true;
  process.stdin.once("end", () => (isPulumiGone = true)).resume();
}

export function configure(request: { readonly config: Config }): Promise<void> {
  config = request.config;
  return Promise.resolve();
}

/** Formations of the program that this process has checked. */
const neighbours: NonNullable<HookContext["neighbours"]> = new Map();

/** Resources that were checked as new, by URN: one of them that is deleted afterwards is being replaced. */
const renewed = new Map<string, lifecycle.Checked["anew"]>();

export async function check(olds: Properties, news: Properties) {
  const { inputs, faults, kept, anew } = await checked(olds, news);
  if (Object.keys(olds).length === 0) renewed.set(urnOf(news), anew);
  else renewed.delete(urnOf(news));
  await delivered();
  return {
    inputs: { ...clean(inputs), ...sealed(inputs, kept, inputsWithSecrets(olds, news)), ...hidden(news) },
    failures: faults.map((reason) => ({ property: "", reason: shown(reason, news) })),
  };
}

async function checked(olds: Properties, news: Properties): Promise<lifecycle.Checked> {
  try {
    if (Object.keys(olds).length > 0) return lifecycle.check(known(olds), known(news), surroundings(news));
    return await surrounded(news, A_LOOK, (context) =>
      lifecycle.checkAndLook(known(olds), known(news), previewing(news, context)),
    );
  } catch (error) {
    if (!hasCode(error, "InvalidInput")) throw error;
    return { inputs: known(news), faults: [explain(error)] };
  }
}

export async function diff(_id: string, olds: Properties, news: Properties) {
  const changes = await explained(news, A_LOOK, (context) =>
    lifecycle.diff(known(olds), known(news), previewing(news, context)),
  );
  return { changes, deleteBeforeReplace: true };
}

export async function create(inputs: Properties) {
  refuseUnderRequest(process.env, "create");
  const { owner, name, urn } = surroundings(inputs);
  renewed.delete(urn);
  const id = `${owner}/${name}`;
  return { id, outs: await recording(id, inputs, (context) => lifecycle.create(known(inputs), context)) };
}

export async function update(id: string, olds: Properties, news: Properties) {
  return { outs: await recording(id, news, (context) => lifecycle.update(known(olds), known(news), context)) };
}

export async function read(id: string, props: Properties) {
  const seen = clean(await explained(props, A_LOOK, (context) => lifecycle.read(known(props), context)));
  return { id, props: { ...seen, ...hidden(props) } };
}

export async function remove(_id: string, props: Properties): Promise<void> {
  refuseUnderRequest(process.env, "delete");
  watchPulumi();
  await explained(props, AN_UPDATE, (context) => lifecycle.remove(known(props), context, renewed.get(context.urn)));
}

/** Sets `awaits`, unless the resource depends on no other: then nothing that it uses can still be made by `up`. */
function previewing({ __alone: isAlone }: Properties, context: HookContext): HookContext {
  return { ...context, awaits: isAlone !== true };
}

/** Patience with a Swarm that has no leader: a preview keeps nobody waiting, an update waits for the next leader. */
const A_LOOK: Seconds = 10;
const AN_UPDATE: Seconds = 150;

type Work<T> = (context: HookContext) => Promise<T>;

const hosts = new SharedConnections<Host[]>((all) => all.forEach((host) => host.close()));
const swarms = new SharedConnections<Promise<Swarm>>(
  (swarm) => void swarm.then((one) => one.close()).catch(() => undefined),
);

/** Runs work with shared connections: one for each host, however many hooks use it. */
async function surrounded<T>(inputs: Properties, patience: Seconds, work: Work<T>): Promise<T> {
  const context = surroundings(inputs, patience);
  const [docker, swarm] = [hosts.use(), swarms.use()];
  const key = (entries: object | undefined) => JSON.stringify(entries ?? "found");
  const once: HookContext["connect"] = (entries) => docker.take(key(entries), () => context.connect(entries));
  const connect: HookContext["connect"] = (entries) => entries?.flatMap((entry) => once([entry])) ?? once(undefined);
  const managers: HookContext["managers"] = (entries) =>
    swarm.take(`${patience} ${key(entries)}`, () => context.managers(entries));
  try {
    return await work({ ...context, connect, managers });
  } finally {
    docker.leave();
    swarm.leave();
    await delivered();
  }
}

function urnOf({ __urn: urn }: Properties): string {
  return typeof urn === "string" ? urn : "";
}

function surroundings(inputs: Properties, patience = A_LOOK): HookContext {
  const urn = urnOf(inputs);
  // urn:pulumi:stack::project::type::name
  const [head = "", project = "", , ...name] = urn.split("::");
  const hide = hider(inputs);
  const log = resourceLog(urn, pulumiAddress);
  const say: typeof log = (text, options) => log(hide(text), options);
  const progress = (text: string) => say(text, { ephemeral: true });
  const request = requestFor(urn);
  const writtenOff = new Set(listInConfig("formation:abandoned", '["ssh://b.example.com"]'));
  return {
    owner: `${project}/${head.slice("urn:pulumi:".length)}`,
    name: name.join("::"),
    urn,
    run: randomBytes(8).toString("hex"),
    process: ownProcess(),
    isGone: isProcessGone,
    scaleConfig: configByApp("formation:scale", '{"shop": {"web": 2}}'),
    restartConfig: configByApp("formation:restartedAt", '{"shop": {"web": "2026-11-23T15:04:05Z"}}'),
    ...(request === undefined ? { neighbours } : { request }),
    connect: (hosts) => connect(hosts, config.get("formation:host"), process.env),
    managers: (hosts) =>
      connectSwarm(hosts, config.get("formation:host"), process.env, { patience, waiting: progress }),
    actor: () => findActor(process.env),
    now: () => Date.now() / 1000,
    sleep: (seconds) => setTimeout(seconds * 1000),
    every: (seconds, work) => {
      const timer = setInterval(() => void work(), seconds * 1000).unref();
      return () => clearInterval(timer);
    },
    isWrittenOff: (host) => writtenOff.has(host),
    say: (text, level) => say(text, { warning: level === "warning" }),
    progress,
    interrupted: () => isPulumiGone || (request !== undefined && existsSync(request.stopFile)),
  };
}

function configByApp(key: string, example: string): ByApp {
  const text = config.get(key) ?? "{}";
  const value = parsed(text);
  if (isByApp(value)) return value;
  const hint = `give an object by app, such as ${example}`;
  throw new FormationError("InvalidInput", `stack config ${key} is ${JSON.stringify(text)}`, { hint });
}

function listInConfig(key: string, example: string): readonly string[] {
  const text = config.get(key) ?? "[]";
  const value = parsed(text);
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new FormationError("InvalidInput", `stack config ${key} is ${JSON.stringify(text)}`, {
    hint: `give a list of names or addresses of hosts, such as ${example}`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The request of the `formation` command, if it is for this very resource. */
function requestFor(urn: string): Request | undefined {
  const text = process.env[REQUEST_VARIABLE];
  if (text === undefined) return undefined;
  const asked = requestShape.parse(JSON.parse(text));
  return asked.urn === urn ? asked : undefined;
}

/** Hands Pulumi's engine the properties as they really are, also when the work has failed. */
async function recording(id: string, inputs: Properties, work: Work<Properties>): Promise<Properties> {
  watchPulumi();
  try {
    return { ...clean(await surrounded(inputs, AN_UPDATE, work)), ...hidden(inputs) };
  } catch (error) {
    if (!(error instanceof lifecycle.PartialFailure)) throw new Error(shown(explain(error), inputs));
    const properties = { ...clean(error.properties), ...hidden(inputs) };
    const reasons = reasonsShown(error.reasons, inputs);
    throw Object.assign(new Error(reasons.join("\n")), { id, properties, reasons });
  }
}

async function explained<T>(inputs: Properties, patience: Seconds, work: Work<T>): Promise<T> {
  try {
    return await surrounded(inputs, patience, work);
  } catch (error) {
    throw new Error(shown(explain(error), inputs));
  }
}
