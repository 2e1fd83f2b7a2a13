import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { SourcePosition, StackFrame, StackTrace } from "@pulumi/pulumi/proto/source_pb";
import type { RecordedResource } from "../state/checkpoint";
import { struct, type Properties } from "./grpc";
import { onWire } from "./seals";

const PROVIDER = "pulumi:providers:";

/** Builds the registration of a recorded resource with all its options, so that Pulumi records it unchanged. */
export function registrationOf(resource: RecordedResource, folder: string): RegisterResourceRequest {
  const { urn, type, custom = false } = resource;
  const request = new RegisterResourceRequest();
  request.setType(type);
  request.setName(urn.split("::").slice(3).join("::"));
  request.setCustom(custom);
  request.setObject(struct(onWire(declaredInputs(resource)) as Properties));
  request.setAcceptsecrets(true);
  request.setAcceptresources(true);
  request.setSupportspartialvalues(true);
  request.setAliasspecs(true);
  const { parent, provider, protect, retainOnDelete, deletedWith, importID } = resource;
  if (parent !== undefined) request.setParent(parent);
  if (provider) request.setProvider(provider);
  if (protect === true) request.setProtect(true);
  if (retainOnDelete === true) request.setRetainondelete(true);
  if (deletedWith) request.setDeletedwith(deletedWith);
  if (importID) request.setImportid(importID);
  setLists(request, resource);
  setTimeouts(request, resource);
  setProvider(request, resource);
  setSource(request, resource, folder);
  return request;
}

/** Drops inputs added by a provider or Pulumi, because their dependencies would be recorded as well. */
function declaredInputs({ type, inputs = {}, propertyDependencies = {} }: RecordedResource): Properties {
  const declared = Object.keys(propertyDependencies);
  if (declared.length === 0 && !type.startsWith(PROVIDER)) return inputs;
  return Object.fromEntries(Object.entries(inputs).filter(([property]) => declared.includes(property)));
}

function setLists(request: RegisterResourceRequest, resource: RecordedResource): void {
  const { dependencies = [], propertyDependencies = {}, additionalSecretOutputs = [] } = resource;
  const { ignoreChanges = [], replaceOnChanges = [], replaceWith = [], hideDiff = [] } = resource;
  request.setDependenciesList([...dependencies]);
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    const of = new RegisterResourceRequest.PropertyDependencies();
    of.setUrnsList([...(urns ?? [])]);
    request.getPropertydependenciesMap().set(property, of);
  }
  request.setAdditionalsecretoutputsList([...additionalSecretOutputs]);
  request.setIgnorechangesList([...ignoreChanges]);
  request.setReplaceonchangesList([...replaceOnChanges]);
  // Older messages have no such fields.
  if (replaceWith.length > 0) request.setReplaceWithList([...replaceWith]);
  if (hideDiff.length > 0) request.setHidediffsList([...hideDiff]);
}

/** Sets the timeouts, which are recorded in seconds. */
function setTimeouts(request: RegisterResourceRequest, { customTimeouts }: RecordedResource): void {
  if (customTimeouts === undefined) return;
  const timeouts = new RegisterResourceRequest.CustomTimeouts();
  const { create = 0, update = 0, delete: end = 0 } = customTimeouts;
  if (create > 0) timeouts.setCreate(`${create}s`);
  if (update > 0) timeouts.setUpdate(`${update}s`);
  if (end > 0) timeouts.setDelete(`${end}s`);
  request.setCustomtimeouts(timeouts);
}

/** Sets the provider's options, which Pulumi records among a provider's inputs. */
function setProvider(request: RegisterResourceRequest, resource: RecordedResource): void {
  const { type, inputs = {}, propertyDependencies = {} } = resource;
  if (!type.startsWith(PROVIDER)) return;
  const { pluginDownloadURL } = (inputs["__internal"] ?? {}) as { readonly pluginDownloadURL?: string };
  if (typeof inputs["version"] === "string" && !("version" in propertyDependencies))
    request.setVersion(inputs["version"]);
  if (pluginDownloadURL !== undefined) request.setPlugindownloadurl(pluginDownloadURL);
}

function setSource(request: RegisterResourceRequest, resource: RecordedResource, folder: string): void {
  const { sourcePosition, stackTrace = [] } = resource;
  request.setSourceposition(positionOf(sourcePosition, folder));
  if (stackTrace.length === 0) return;
  const trace = new StackTrace();
  for (const frame of stackTrace) {
    const made = new StackFrame();
    made.setPc(positionOf(frame.sourcePosition, folder));
    trace.addFrames(made);
  }
  request.setStacktrace(trace);
}

/** Converts a recorded position such as `project:///index.js#3,12`. */
function positionOf(recorded: string | undefined, folder: string): SourcePosition | undefined {
  const [, path, line, column] = /^project:\/\/(\/[^#]*)#(\d+)(?:,(\d+))?$/.exec(recorded ?? "") ?? [];
  if (path === undefined) return undefined;
  const position = new SourcePosition();
  position.setUri(`file://${encodeURI(folder)}${path}`);
  position.setLine(Number(line));
  position.setColumn(Number(column ?? 0));
  return position;
}
