import type { Claim } from "../../../../../../provider/core/model/claim";
import { identityOf } from "../../../../../../provider/core/values/identity";
import { LABEL } from "../../../../../../provider/core/model/labels";
import { recorded } from "../../../../../../provider/core/record/state";
import { formerAppsIn } from "../../../../../../provider/orchestrators/swarm/plan/former-apps";
import type { ObservedSwarm } from "../../../../../../provider/orchestrators/swarm/plan/observed";
import { ownPart } from "../../../../../../provider/orchestrators/swarm/plan/own";
import { claimOfOther, otherSwarmRefusal } from "../../../../../../provider/orchestrators/swarm/plan/refusals";
import { identity, node, planned, service, specOf, swarm, task, type Part } from "../../../../../support/swarm-scene";

// A service's key, or the state, tells whose it is; its labels do not.

const declared = { processes: { web: { command: "w" }, clock: { command: "c", singleton: true } } };
const own = identityOf(identity.key);
const asker = { owner: "shop/dev", apps: ["shop"], identity: own, known: new Set<string>() };

const without = (service: Part, ...names: string[]): Part => {
  const labels = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
  const { TaskTemplate } = service.spec;
  const ContainerSpec = { ...TaskTemplate.ContainerSpec, Labels: labels(TaskTemplate.ContainerSpec.Labels) };
  return {
    ...service,
    spec: { ...service.spec, Labels: labels(service.spec.Labels), TaskTemplate: { ...TaskTemplate, ContainerSpec } },
  };
};
const withEnv = (service: Part, Env: readonly string[]): Part => {
  const { TaskTemplate } = service.spec;
  return {
    ...service,
    spec: { ...service.spec, TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Env } } },
  };
};
const named = (service: Part, Name: string): Part => ({ ...service, id: `s-${Name}`, spec: { ...service.spec, Name } });

const web = service("web", 1, declared);
const clock = service("clock", 1, declared);
const strange = service("web", 1, declared, "another key");
const strangeClock = service("clock", 1, declared, "another key");
const copy = named(withEnv(web, ["A=b"]), "shop_copy");
const proved = (service: Part, slot = 1) => task(service, slot, { identity: own });

function sorted(more: Partial<ObservedSwarm>, by: Partial<typeof asker> = {}) {
  const part = ownPart(swarm(more), { ...asker, ...by });
  return {
    ours: part.services.map(({ spec }) => spec.Name),
    tasks: part.tasks.map(({ id }) => id),
    others: part.others.map(({ identity: other }) => other),
    copies: part.copies,
  };
}

test.each<[string, Partial<ObservedSwarm>, Partial<ReturnType<typeof sorted>>, Partial<typeof asker>]>([
  ["what has our key", { services: [web, clock] }, { ours: ["shop_web", "shop_clock"] }, {}],
  ["what version 0.1 has made", { services: [without(web, LABEL.identity)] }, { ours: ["shop_web"] }, {}],
  [
    "what version 0.1 has made for the stack under another name",
    { services: [without(web, LABEL.identity)] },
    { ours: ["shop_web"] },
    { owner: "shop/prod" },
  ],
  [
    "what has our identity, under an app's name that the state does not know",
    { services: [service("web", 1, { ...declared, app: "store" })] },
    { ours: ["store_web"] },
    {},
  ],
  [
    "what another formation has made, with the same owner",
    { services: [strange], tasks: [task(strange, 1, { identity: identityOf("another key") })] },
    { ours: [], tasks: [], others: [identityOf("another key")], copies: [] },
    {},
  ],
  [
    "what has our labels only",
    { services: [web, copy], tasks: [task(copy, 1)] },
    { ours: ["shop_web"], tasks: [], copies: ["shop_copy"] },
    {},
  ],
  [
    "what has our key and another's label: neither",
    { services: [{ ...web, spec: { ...web.spec, Labels: { ...web.spec.Labels, [LABEL.identity]: "0".repeat(16) } } }] },
    { ours: [], copies: ["shop_web"] },
    {},
  ],
  [
    "what was changed by hand, as an earlier process of it proves",
    { services: [withEnv(web, [])], tasks: [task(web, 2), proved(web)] },
    { ours: ["shop_web"], tasks: ["s-shop-web.2", "s-shop-web.1"] },
    {},
  ],
  [
    "what was changed by hand, as the state remembers",
    { services: [withEnv(web, [])], tasks: [task(web, 1)] },
    { ours: ["shop_web"] },
    { known: new Set(["c-s-shop-web-1"]) },
  ],
  [
    "processes whose service is gone",
    { tasks: [proved(clock), task(copy, 1)] },
    { tasks: ["s-shop-clock.1"], others: [] },
    {},
  ],
  [
    "a clock of another formation whose service is gone",
    { tasks: [task(strangeClock, 1, { identity: identityOf("another key") })] },
    { tasks: [], others: [identityOf("another key")] },
    {},
  ],
  [
    "what a destroyed formation has left on a node that is out of reach",
    { tasks: [task(strange, 1, { identity: identityOf("another key") })] },
    { tasks: [], others: [] },
    {},
  ],
])("%s", (_, more, expected, by) => {
  expect(sorted(more, by)).toMatchObject(expected);
});

test("a formation that is new has nothing yet", () => {
  const { identity: _, ...nobody } = asker;
  const part = ownPart(swarm({ services: [web], tasks: [proved(web)] }), nobody);
  expect(part).toMatchObject({ services: [], tasks: [], others: [{ identity: own, container: web.id, app: "shop" }] });
});

test("a plan after an upgrade, or after the stack was renamed, is empty", () => {
  const old = [web, clock].map((service) => without(service, LABEL.identity));
  const tasks = old.map((service) => proved(service));
  for (const owner of ["shop/dev", "shop/prod"]) {
    const seen = ownPart(swarm({ services: old, tasks }), { ...asker, owner });
    expect(planned(specOf(declared), { web: 1, clock: 1 }, seen).changes).toEqual([]);
  }
});

test("a copy is no part of the plan: its processes are not counted, and its name is nobody's to take", () => {
  const seen = ownPart(
    swarm({ services: [copy, web, clock], tasks: [task(copy, 1), proved(web), proved(clock)] }),
    asker,
  );
  expect(planned(specOf(declared), { web: 1, clock: 1 }, seen).changes).toEqual([]);
  expect(seen.strangers).toEqual(["shop_copy"]);
  expect([...seen.foreign]).toEqual([copy.id]);
});

test("secrets are ours by identity; those of version 0.1 by owner, or as a service of ours uses them", () => {
  const labels = { [LABEL.app]: "shop", [LABEL.owner]: "shop/dev" };
  const secrets = [
    { id: "1", name: "ours", labels: { ...labels, [LABEL.identity]: own } },
    { id: "2", name: "another's", labels: { ...labels, [LABEL.identity]: identityOf("another key") } },
    { id: "3", name: "old", labels },
    { id: "4", name: "old of the renamed stack", labels: { ...labels, [LABEL.owner]: "shop/old" } },
    { id: "5", name: "old of another stack", labels: { ...labels, [LABEL.owner]: "blog/dev" } },
  ];
  const { TaskTemplate } = web.spec;
  const file = { Name: "A", UID: "0", GID: "0", Mode: 0o444 };
  const Secrets = [{ SecretID: "4", SecretName: "old of the renamed stack", File: file }];
  const using: Part = {
    ...web,
    spec: { ...web.spec, TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Secrets } } },
  };
  const seen = ownPart(swarm({ secrets, services: [using] }), asker);
  expect(seen.secrets.map(({ id }) => id)).toEqual(["1", "3", "4"]);
});

test.each<[string, Partial<ObservedSwarm> | undefined, object, Record<string, string[]>]>([
  ["a service", { services: [web] }, {}, { shop: [web.id] }],
  ["a process whose node is out of reach", { tasks: [proved(clock)], nodes: [node("n2")] }, {}, { shop: [clock.id] }],
  ["nothing", {}, { __app: "shop", __formerApps: { shop: ["x"] } }, {}],
  [
    "unknown, as the Swarm is out of reach",
    undefined,
    { __app: "shop", __formerApps: { blog: ["x"] } },
    { blog: ["x"], shop: [] },
  ],
])("left of a former name of the app: %s", (_, more, state, expected) => {
  const seen = more === undefined ? undefined : ownPart(swarm(more), asker);
  expect(formerAppsIn(recorded.parse(state), seen, "store")).toEqual(expected);
});

const instances = [{ type: "web", index: 1, host: "n1", container: "c" }];
const before = recorded.parse({ __cluster: "swarm0", instances });
const nobody = () => false;

test.each<[string, unknown]>([
  ["has our services", otherSwarmRefusal(before, swarm({ services: [web] }), undefined, nobody)],
  ["is the same", otherSwarmRefusal({ ...before, __cluster: "swarm1" }, swarm(), undefined, nobody)],
  ["replaces it", otherSwarmRefusal(before, swarm(), [{ replaces: "swarm0" }], nobody)],
  ["is known to", otherSwarmRefusal(before, swarm(), undefined, (id) => id === "swarm0")],
  ["has nothing to have", otherSwarmRefusal({ ...before, instances: [] }, swarm(), undefined, nobody)],
])("a Swarm with another id is let in when it %s", (_, refusal) => {
  expect(refusal).toBeUndefined();
});

test("a Swarm with another id is refused otherwise, with the word that lets it in", () => {
  expect(otherSwarmRefusal(before, swarm(), [{ replaces: "swarm9" }], nobody)).toMatchObject({
    code: "EngineMismatch",
    hint: 'set hosts back to managers of the first; if that is gone for good, declare hosts: [{ host: "unix:///a", replaces: "swarm0" }]',
  });
  expect(otherSwarmRefusal(before, swarm(), undefined, nobody)?.hint).toContain(
    "pulumi config set --path 'formation:abandoned[0]' swarm0",
  );
});

test("a name that another formation has claimed, and not one whose first deployment is still open", () => {
  const claim: Claim = { app: "shop", generation: 1, identity: "x", owner: "o", resource: "r", run: "1", address: "" };
  expect(claimOfOther({ claims: [claim] }, "shop", [own, undefined])).toBe(claim);
  for (const claims of [[], [{ ...claim, identity: own }], [{ ...claim, begun: [] }], [{ ...claim, app: "blog" }]])
    expect(claimOfOther({ claims }, "shop", [own, undefined])).toBeUndefined();
});
