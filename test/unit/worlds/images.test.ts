import { releaseDigest } from "../../../provider/core/model/configuration";
import { parseDeclared } from "../../../provider/lifecycle/declared";
import type { Properties } from "../../../provider/core/record/properties";
import { build, forget, push, type Build, type Store } from "../../support/fake/images";
import { Town, type Ending } from "../../support/fake/town";

// Equal content is the same image, whatever the store, the index around it or an attestation.

const CACHED: Build = { content: "v1", attestation: "of the first build" };
const AGAIN: Build = { content: "v1", attestation: "of the second build" };
const CHANGED: Build = { content: "v2", attestation: "of the third build" };

/** App on some hosts, with a release command whose runs are counted. */
class World {
  readonly town: Town;
  state: Properties = {};

  constructor(
    readonly hosts: string,
    stores: Readonly<Record<string, Store>>,
    readonly pull = "never",
  ) {
    this.town = new Town(Array.from(hosts), undefined, stores);
  }

  engine(name: string) {
    return this.town.engines.get(name)!;
  }

  build(names: string, made: Build, reference = "shop:1"): void {
    for (const name of names) build(this.engine(name), reference, made);
  }

  program(more: Properties = {}): Properties {
    const hosts = Array.from(this.hosts, (name) => ({ name, host: `unix:///${name}` }));
    return {
      app: "shop",
      image: "shop:1",
      pull: this.pull,
      hosts,
      update: { monitor: 0 },
      procfile: "release: exit 0\nweb: run\nclock: run",
      scale: { web: 2, clock: 1 },
      ...more,
    };
  }

  async up(more: Properties = {}): Promise<Ending> {
    const ending = await this.town.up(this.state, this.town.checked(this.state, this.program(more)));
    if (ending.kind === "done" || ending.kind === "partial") this.state = ending.state;
    return ending;
  }

  preview(more: Properties = {}): Promise<string | undefined> {
    return this.town.preview(this.state, this.town.checked(this.state, this.program(more)));
  }

  running(): string[] {
    return [...this.town.engines.values()].flatMap((engine) => engine.boxes().map(({ id }) => id)).sort();
  }

  /** Number of runs of the release command. */
  releases(): number {
    return this.town.history.happenings.filter(({ type, event }) => type === "release" && event === "start").length;
  }

  releaseNames(): unknown[] {
    return [...new Set((this.state["instances"] as { release: string }[]).map(({ release }) => release))];
  }
}

describe.each<Store>(["classic", "containerd"])("a reference on an engine with the %s store", (store) => {
  let world: World;
  beforeEach(async () => {
    world = new World("a", { a: store });
    world.build("a", CACHED);
    expect(await world.up()).toMatchObject({ kind: "done" });
  });

  test("built again without a change is the same image: nothing stops, and the release command does not run", async () => {
    const before = world.running();
    world.build("a", AGAIN);
    expect(await world.preview()).toBeUndefined();
    expect(await world.up()).toMatchObject({ kind: "done" });
    expect([world.running(), world.releases()]).toEqual([before, 1]);
  });

  test("built again without a change, more of it are of the same release", async () => {
    world.build("a", AGAIN);
    expect(await world.preview({ scale: { web: 3, clock: 1 } })).toMatch(/web\.3 +create on a +scale up$/);
    await world.up({ scale: { web: 3, clock: 1 } });
    expect(world.releases()).toBe(1);
    const web = (world.state["instances"] as { type: string; release: string }[]).filter((one) => one.type === "web");
    expect(new Set(web.map(({ release }) => release)).size).toBe(1);
  });

  test("built again while nothing runs, it is not released again", async () => {
    await world.up({ scale: { web: 0, clock: 0 } });
    world.build("a", AGAIN);
    await world.up();
    expect(world.releases()).toBe(1);
  });

  test("really built again, it is a release", async () => {
    world.build("a", CHANGED);
    expect(await world.preview()).toMatch(/clock\.1 +replace on a +image shop:1 rebuilt, stopped/);
    const before = world.running();
    await world.up();
    expect(world.running().filter((id) => before.includes(id))).toEqual([]);
    expect(world.releases()).toBe(2);
    expect(await world.preview()).toBeUndefined();
  });

  test("another reference to the same content is a release all the same", async () => {
    world.build("a", CACHED, "shop:2");
    expect(await world.preview({ image: "shop:2" })).toMatch(/web\.1 +replace on a +image shop:1 → shop:2/);
  });

  test("a change of something else is released once more, not twice", async () => {
    world.build("a", AGAIN);
    await world.up({ env: { A: "b" } });
    expect(world.releases()).toBe(2);
    await world.up({ env: { A: "b" } });
    expect(world.releases()).toBe(2);
  });

  test("what the release command was run for before 0.2, by the image's id, is known", async () => {
    const parsed = parseDeclared(world.program(), "shop");
    if (parsed.kind !== "spec") throw new Error("no spec");
    const key = String(world.state["__key"]);
    const id = world.engine("a").images.get("shop:1");
    world.state = { ...world.state, __released: releaseDigest(parsed.spec, id, key) };
    for (const id of world.running()) world.engine("a").remove(id, "by force");
    await world.up();
    expect(world.releases()).toBe(1);
  });
});

test("an image that is gone cannot be compared: the plan says so, unless the engine still knows its manifest", async () => {
  const classic = new World("a", {});
  classic.build("a", CACHED);
  await classic.up();
  const was = classic.engine("a").images.get("shop:1")!;
  classic.build("a", CHANGED);
  forget(classic.engine("a"), was);
  expect(await classic.preview()).toMatch(
    /web\.1 +replace on a +image shop:1 may be rebuilt: the one it was made of is gone/,
  );

  const containerd = new World("a", { a: "containerd" });
  containerd.build("a", CACHED);
  await containerd.up();
  forget(containerd.engine("a"), containerd.engine("a").images.get("shop:1")!);
  containerd.build("a", AGAIN);
  expect(await containerd.preview()).toBeUndefined();
  containerd.build("a", CHANGED);
  expect(await containerd.preview()).toMatch(/image shop:1 may be rebuilt/);
});

test.each<[string, Build, number]>([
  ["the same content", AGAIN, 1],
  ["another one", CHANGED, 2],
])("a newer image that is pulled with %s", async (_, newer, releases) => {
  const world = new World("a", { a: "containerd" }, "always");
  push(world.engine("a"), "shop:1", CACHED);
  await world.up();
  const before = world.running();
  push(world.engine("a"), "shop:1", newer);
  expect(await world.preview()).toMatch(
    /web\.1 +replace on a +image shop:1 may be rebuilt: its registry has another one/,
  );
  expect(await world.up()).toMatchObject({ kind: "done" });
  expect(world.releases()).toBe(releases);
  expect(world.running().filter((id) => before.includes(id))).toEqual(releases === 1 ? before : []);
  expect(await world.preview()).toBeUndefined();
});

test("an engine whose store was changed, with the same image, does not run the release command again", async () => {
  const before = new World("a", {});
  before.build("a", CACHED);
  await before.up();
  // The engine shows neither images nor containers of its former store.
  const after = new World("a", { a: "containerd" });
  after.state = before.state;
  after.build("a", AGAIN);
  expect(await after.up()).toMatchObject({ kind: "done" });
  expect(after.releases()).toBe(0);
  expect(after.running()).toHaveLength(3);
});

describe("one reference on two hosts", () => {
  const ARM: Build = { content: "v1 for arm", platform: "linux/arm64" };
  const PUSHED = { digests: ["shop@sha256:1"] };

  test.each<[string, string, Readonly<Record<string, Store>>, Build, Build]>([
    ["one content in two stores", "shop:1", { b: "containerd" }, CACHED, AGAIN],
    ["one content, loaded twice", "shop:1", { a: "containerd", b: "containerd" }, CACHED, AGAIN],
    ["two platforms of one digest", "shop:1", {}, { ...CACHED, ...PUSHED }, { ...ARM, ...PUSHED }],
    ["two platforms, each built there", "shop:1", {}, CACHED, ARM],
    ["two platforms and two stores", "shop:1", { b: "containerd" }, CACHED, ARM],
    ["a digest", "shop@sha256:1", {}, CACHED, ARM],
  ])("is accepted: %s", async (_, image, stores, first, second) => {
    const world = new World("ab", stores);
    world.build("a", first, image);
    world.build("b", second, image);
    expect(await world.up({ image })).toMatchObject({ kind: "done" });
    expect(await world.preview({ image })).toBeUndefined();
  });

  test.each<[string, Readonly<Record<string, Store>>, Build, Build]>([
    ["of one store", {}, CACHED, CHANGED],
    ["of two stores", { b: "containerd" }, CACHED, CHANGED],
    ["of two platforms, pulled at two times", {}, { ...CACHED, ...PUSHED }, { ...ARM, digests: ["shop@sha256:2"] }],
  ])("is refused when its content differs: hosts %s", async (_, stores, first, second) => {
    const world = new World("ab", stores);
    world.build("a", first);
    world.build("b", second);
    expect(await world.up()).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/^image shop:1 is /) as string,
    });
    expect(world.running()).toEqual([]);
  });

  test("a host that leaves, or gets nothing, may have another one or none", async () => {
    const world = new World("ab", {});
    world.build("ab", CACHED);
    await world.up();
    world.build("a", CHANGED);
    expect(await world.up()).toMatchObject({ kind: "refused" });
    expect(await world.up({ scale: { web: 1, clock: 0 } })).toMatchObject({ kind: "done" });
    const [only] = world.program()["hosts"] as Properties[];
    const onA = { hosts: [only], scale: { web: 2, clock: 1 } };
    expect(await world.up(onA)).toMatchObject({ kind: "done" });
    expect(world.engine("b").boxes()).toEqual([]);
  });

  test("a host that is emptied needs no image", async () => {
    const world = new World("ab", {});
    world.build("ab", CACHED);
    await world.up();
    world.engine("b").images.clear();
    const [only] = world.program()["hosts"] as Properties[];
    expect(await world.up({ hosts: [only] })).toMatchObject({ kind: "done" });
    expect(world.engine("b").boxes()).toEqual([]);
  });
});
