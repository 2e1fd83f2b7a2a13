import { LABEL } from "../../../provider/core/model/labels";
import type { Properties } from "../../../provider/core/record/properties";
import { Pulumi, runningIn } from "../../support/fake/pulumi";
import { Town } from "../../support/fake/town";

// Ownership, sameness and the right to change: each of these cases once went wrong.

const entry = (name: string, more: Properties = {}) => ({ name, host: `unix:///${name}`, ...more });
const program = (hosts: readonly Properties[], more: Properties = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  processes: { clock: { command: "run" } },
  scale: { clock: 1 },
  update: { monitor: 0 },
  hosts,
  ...more,
});
const web = { processes: { web: { command: "run" } }, scale: { web: 2 } };
const mailer = (name: string, more: Properties = {}) => ({
  processes: { [name]: { command: "run", ...more } },
  scale: { [name]: 1 },
});
const onA = [entry("a")];

function inTown(): Pulumi {
  const town = new Town(["a", "b", "c"]);
  for (const engine of town.engines.values()) engine.images.set("shop:1", "id1");
  return new Pulumi(town);
}
const engineOf = ({ town }: Pulumi, name: string) => town.engines.get(name)!;
const identities = ({ town }: Pulumi) =>
  new Set([...town.engines.values()].flatMap(({ claims }) => claims.map(({ identity }) => identity)));

describe("another resource of the same app", () => {
  const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/formation:Formation::other";

  test.each([
    ["in the same stack, or the same one under another parent", { urn, name: "other" }],
    ["of the same project, stack and name in another backend", {}],
  ])("is refused, with the one that has it and what to do: %s", async (_, resource) => {
    const first = inTown();
    await first.up(program(onA, web));
    const second = new Pulumi(first.town, resource);
    const refused = await second.up(program(onA, mailer("worker")));
    expect(refused).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/aliases.*takeOver.*another app/) as string,
    });
    expect(runningIn(first.town)).toHaveLength(2);
    expect(await first.preview(program(onA, web))).toBeUndefined();
  });
});

test("a state that was really lost is taken over by a word, and nothing is replaced for it; a one-off process goes on", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA, web));
  const before = engineOf(pulumi, "a")
    .boxes()
    .map(({ id }) => id);
  const engine = engineOf(pulumi, "a");
  const Labels = { [LABEL.app]: "shop", [LABEL.owner]: "shop/dev", [LABEL.type]: "run", [LABEL.index]: "1" };
  engine.start(engine.create({ name: "shop.run.1", Image: "shop:1", Labels }).id);
  const other = new Pulumi(pulumi.town);
  expect((await other.up(program(onA, web))).kind).toBe("refused");
  const [takeOver] = identities(pulumi);
  expect(await other.up(program(onA, { ...web, takeOver: "0123456789abcdef" }))).toMatchObject({ kind: "refused" });
  expect((await other.up(program(onA, { ...web, takeOver }))).kind).toBe("done");
  expect(engine.boxes().map(({ id }) => id)).toEqual([...before, engine.find("shop.run.1").id]);
});

test("a stack, a project or a resource is renamed, and everything stays", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA, web));
  pulumi.resource = { owner: "shop/prod", urn: "urn:pulumi:prod::shop::x::y", name: "y" };
  expect(await pulumi.preview(program(onA, web))).toBeUndefined();
  expect((await pulumi.destroy()).kind).toBe("done");
  expect(engineOf(pulumi, "a").boxes()).toEqual([]);
});

test("an app is renamed, and one stop fails: the next up ends the old one before the new one starts", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA));
  const ending = await pulumi.up(program(onA, { app: "store" }), {
    fate: ({ what }) => (what === "stop" ? "lost" : "answered"),
  });
  expect(ending.kind).toBe("partial");
  expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on a: run"]);
  expect((await pulumi.up(program(onA, { app: "store" }))).kind).toBe("done");
  expect(runningIn(pulumi.town)).toEqual(["store.clock.1 on a: run"]);
});

test("an app is renamed while the host of its clock is cut off: no second one, and destroy ends the first", async () => {
  const pulumi = inTown();
  const hosts = [entry("b"), entry("a")];
  await pulumi.up(program(hosts));
  expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on b: run"]);
  engineOf(pulumi, "b").isReachable = false;
  expect((await pulumi.up(program(hosts, { app: "store" }))).kind).toBe("partial");
  engineOf(pulumi, "b").isReachable = true;
  expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on b: run"]);
  expect((await pulumi.up(program(hosts, { app: "store" }))).kind).toBe("done");
  expect(runningIn(pulumi.town)).toEqual(["store.clock.1 on b: run"]);
  await pulumi.destroy();
  expect(runningIn(pulumi.town)).toEqual([]);
});

test("a type is made a singleton while it runs, and then renamed: the new one waits for the old one's end", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA, mailer("mailer")));
  await pulumi.up(program(onA, mailer("mailer", { singleton: true })));
  await pulumi.up(program(onA, mailer("dispatcher", { singleton: true })));
  const { happenings } = pulumi.town.history;
  const events = happenings.flatMap(({ event, slot }) =>
    event === "start" || event === "die" ? [`${slot} ${event}`] : [],
  );
  expect(events).toEqual(["mailer.1 start", "mailer.1 die", "dispatcher.1 start"]);
});

describe("an engine that was installed anew", () => {
  const hosts = [entry("a"), entry("b")];
  const both = { processes: { web: { command: "run" } }, scale: { web: 2 } };

  test.each([
    ["replaces", { replaces: "id of b" }],
    ["abandoned", { abandoned: true }],
  ])("is let in by a person's word, %s, which the hint of the refusal names", async (_, word) => {
    const pulumi = inTown();
    await pulumi.up(program(hosts, both));
    engineOf(pulumi, "b").wipe();
    const refused = await pulumi.up(program(hosts, both));
    expect(refused).toMatchObject({ kind: "refused", why: expect.stringMatching(/replaces: "id of b"/) as string });
    expect((await pulumi.up(program([entry("a"), entry("b", word)], both))).kind).toBe("done");
    expect((await pulumi.up(program(hosts, both))).kind).toBe("done");
    expect(runningIn(pulumi.town)).toHaveLength(2);
    expect((await pulumi.destroy()).kind).toBe("done");
  });

  test("or that has another id, and our containers, is the same", async () => {
    const pulumi = inTown();
    await pulumi.up(program(hosts, both));
    engineOf(pulumi, "b").id = "another";
    expect(await pulumi.preview(program(hosts, both))).toBeUndefined();
    expect((await pulumi.destroy()).kind).toBe("done");
  });
});

test("a host that is left, whose address leads to another engine by now, is not taken for emptied", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA));
  pulumi.town.exchange("a", "b");
  const refused = await pulumi.up(program([entry("c")]));
  expect(refused).toMatchObject({
    kind: "refused",
    why: expect.stringMatching(/formation:abandoned\[0\]' unix:\/\/\/a/) as string,
  });
  expect(runningIn(pulumi.town)).toHaveLength(1);
  // The address is corrected.
  pulumi.town.exchange("a", "b");
  expect((await pulumi.up(program([entry("c")]))).kind).toBe("done");
  expect(runningIn(pulumi.town)).toHaveLength(1);
});

test("the only host is gone for good: destroy is possible when a person vouches for it", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA));
  engineOf(pulumi, "a").isReachable = false;
  expect(await pulumi.destroy()).toMatchObject({
    kind: "refused",
    why: expect.stringMatching(/formation:abandoned/) as string,
  });
  pulumi.resource = { isWrittenOff: (host) => host === "unix:///a" };
  expect((await pulumi.destroy()).kind).toBe("done");
});

test("a container that only copies our labels, or has a bad index, is left alone and bricks nothing", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA, web));
  const engine = engineOf(pulumi, "a");
  const Labels = engine.find("shop.web.1").options.Labels!;
  engine.start(engine.create({ name: "copy", Image: "shop:1", Labels }).id);
  engine.start(engine.create({ name: "bad", Image: "shop:1", Labels: { ...Labels, [LABEL.index]: "one" } }).id);
  expect(await pulumi.preview(program(onA, web))).toBeUndefined();
  expect(await pulumi.preview(program(onA, { ...web, scale: { web: 1 } }))).toMatch(
    /copy on a has labels of this formation/,
  );
  expect((await pulumi.destroy()).kind).toBe("done");
  expect(engine.boxes().map(({ name }) => name)).toEqual(["copy", "bad"]);
});

describe("machines that were cloned, and share an id", () => {
  test("are two hosts", async () => {
    const pulumi = inTown();
    for (const name of ["a", "b"]) engineOf(pulumi, name).id = "one id";
    const all = program([entry("a"), entry("b")], web);
    expect((await pulumi.up(all)).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual(["shop.web.1 on a: run", "shop.web.2 on b: run"]);
    expect(await pulumi.preview(all)).toBeUndefined();
  });

  test("and of which one takes the other's place: that one is emptied", async () => {
    const pulumi = inTown();
    for (const name of ["a", "b"]) engineOf(pulumi, name).id = "one id";
    await pulumi.up(program(onA));
    expect((await pulumi.up(program([entry("b")]))).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on b: run"]);
  });
});

test("an engine that was found, not declared, cannot be reached: nothing is done on any", async () => {
  const pulumi = inTown();
  const anywhere = (quantity: number) => ({ ...program([], web), hosts: undefined, scale: { web: quantity } });
  pulumi.town.found = "a";
  expect((await pulumi.up(anywhere(2))).kind).toBe("done");
  pulumi.town.found = "b";
  engineOf(pulumi, "b").isReachable = false;
  expect(await pulumi.up(anywhere(1))).toMatchObject({ kind: "refused" });
  expect(runningIn(pulumi.town)).toHaveLength(2);
  expect(await pulumi.destroy()).toMatchObject({
    kind: "refused",
    why: expect.stringMatching(/nothing was done/) as string,
  });
  expect(runningIn(pulumi.town)).toHaveLength(2);
  pulumi.town.found = "a";
  expect((await pulumi.destroy()).kind).toBe("done");
});

test("a container that another one links to has its own name all the same", async () => {
  const pulumi = inTown();
  await pulumi.up(program(onA, web));
  const engine = engineOf(pulumi, "a");
  engine.links.set(engine.find("shop.web.1").id, ["/debug/web"]);
  expect(await pulumi.preview(program(onA, web))).toBeUndefined();
});
