import schema from "../../../../../../schema.json";
import { configurationOf } from "../../../../../../provider/core/model/configuration";
import { desiredInstances } from "../../../../../../provider/core/model/desired";
import { createOptions } from "../../../../../../provider/orchestrators/docker/container/container";
import { desiredService } from "../../../../../../provider/orchestrators/swarm/plan/service/desired";
import { changedByHand } from "../../../../../../provider/orchestrators/swarm/plan/service/compare";
import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import { UNKNOWN } from "../../../../../../provider/core/values/unknown";
import { EXAMPLES } from "../../../../../support/settings";

// Every setting of a container, as the app's and as a type's: parsed, refused, digested, told to engines.

const identity = { owner: "shop/dev", key: "key" };
const examples = Object.entries(EXAMPLES);

const parsed = (own: object, app: object = {}) =>
  parseSpec({ image: "shop:1", processes: { web: { command: "a", ...own } }, ...app }, "shop");

function specOf(own: object, app: object = {}) {
  const read = parsed(own, app);
  if (read.kind !== "spec") throw new Error(JSON.stringify(read));
  return read.spec;
}

function faultsOf(own: object, app: object = {}): readonly string[] {
  const read = parsed(own, app);
  return read.kind === "faults" ? read.faults : [];
}

const digests = (own: object, app: object = {}) => {
  const spec = specOf(own, app);
  return configurationOf(spec, spec.types[0]!, 1, "key");
};

function created(own: object, app: object = {}) {
  const spec = specOf(own, app);
  const { HostConfig, ...Config } = createOptions(
    desiredInstances(spec, spec.types[0]!, identity)(1, "", []),
    undefined,
  );
  return { HostConfig, Config };
}

function service(own: object) {
  const spec = specOf(own, { orchestrator: "swarm" });
  return desiredService(spec, spec.types[0]!, 1, identity, {}, undefined);
}

test.each(examples)("%s is told to an engine, from the type or from the app", (name, { given, docker }) => {
  expect(created({ [name]: given })).toMatchObject(docker);
  expect(created({}, { [name]: given })).toMatchObject(docker);
});

test.each(examples)("%s of a type comes before that of the app", (name, { given, docker }) => {
  const other = typeof given === "boolean" ? !given : given;
  expect(created({ [name]: given }, { [name]: other })).toMatchObject(docker);
});

test.each(examples)("%s is told to a Swarm, or refused there", (name, { given, swarm }) => {
  if ("refused" in swarm) {
    const why = (root: string) =>
      `${root}${name} has no meaning on a Swarm: leave it out, and ${String(swarm.refused)}`;
    expect(faultsOf({ [name]: given }, { orchestrator: "swarm" })).toEqual([why("processes.web.")]);
    expect(faultsOf({}, { orchestrator: "swarm", [name]: given })).toEqual([why("")]);
    return;
  }
  expect(service({ [name]: given }).TaskTemplate).toMatchObject(swarm);
});

test.each(examples)("%s is a part of the configuration under its own name", (name, { given }) => {
  const [without, as] = [digests({}), digests({ [name]: given })];
  expect(Object.keys(as).filter((part) => as[part as never] !== without[part as never])).toEqual([name]);
});

test("a configuration without settings has the digests of 0.1", () => {
  expect(digests({})).toEqual({ command: "ff35f5eb3d" });
});

test.each(examples.filter(([, { isDefault }]) => isDefault))(
  "%s at its default is no setting",
  (name, { isDefault }) => {
    const values: unknown[] = [true, false, 4096].filter(
      (value) => typeof value === typeof EXAMPLES[name as never]["given"],
    );
    const [value] = values.filter((value) => (isDefault as (value: unknown) => boolean)(value));
    expect(digests({ [name]: value })).toEqual(digests({}));
  },
);

test.each(examples.flatMap(([name, { wrong }]) => wrong.map(([value, fault]) => [name, value, fault] as const)))(
  "%s %j is refused",
  (name, value, fault) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringContaining(`processes.web.${fault}`)]);
    expect(faultsOf({}, { [name]: value })).toEqual([expect.stringContaining(fault)]);
  },
);

test("entries of labels, ulimits, sysctls and extraHosts are added to those of the app", () => {
  const { settings } = specOf({ labels: { b: "2", c: "3" } }, { labels: { a: "1", b: "1" } }).types[0]!;
  expect(settings.labels).toEqual({ a: "1", b: "2", c: "3" });
});

test("mounts are added to those of the app, by path, and their order means nothing", () => {
  const [a, b, c] = ["/a", "/b", "/c"].map((target) => ({ type: "tmpfs", target }));
  const own = { ...b, readOnly: true };
  const { settings } = specOf({ mounts: [own, c] }, { mounts: [b, a] }).types[0]!;
  expect(settings.mounts).toEqual([a, own, c]);
  expect(digests({ mounts: [a, b] })).toEqual(digests({ mounts: [{ ...b, readOnly: false, target: "/b/" }, a] }));
  expect(digests({ mounts: [] })).toEqual(digests({}));
});

test("labels of Formation's own are never replaced", () => {
  const { Config } = created({ labels: { color: "blue" } });
  expect(Config.Labels).toMatchObject({ color: "blue", "formation.app": "shop", "formation.type": "web" });
});

test("a label that is known at up is told as such in the plan", () => {
  expect(digests({ labels: { a: UNKNOWN } })).toMatchObject({ labels: UNKNOWN });
});

test("whatever of a Swarm's settings is changed by hand is seen", () => {
  for (const [name, { given, swarm }] of examples) {
    if ("refused" in swarm || name === "noNewPrivileges" || name === "labels") continue;
    expect([name, changedByHand(service({}), service({ [name]: given }))]).toEqual([name, [expect.any(String)]]);
    expect([name, changedByHand(service({ [name]: given }), service({}))]).toEqual([name, [expect.any(String)]]);
  }
});

test("every setting stands in schema.json, of the app and of a type", () => {
  const { inputProperties } = schema.resources["formation:index:Formation"] as { inputProperties: object };
  const type = Object.entries(schema.types).find(([name]) => name.endsWith(":ProcessType"))?.[1] as
    { properties: object } | undefined;
  for (const [name] of examples) {
    expect(Object.keys(inputProperties)).toContain(name);
    expect(Object.keys(type?.properties ?? {})).toContain(name);
  }
});
