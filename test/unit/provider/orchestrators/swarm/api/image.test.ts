import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import type { Spec } from "../../../../../../provider/core/inputs/spec";
import { desiredService, type SwarmFacts } from "../../../../../../provider/orchestrators/swarm/plan/service/desired";
import type { ObservedService, ObservedSwarm } from "../../../../../../provider/orchestrators/swarm/plan/observed";
import { planSwarm } from "../../../../../../provider/orchestrators/swarm/plan/plan";
import type { ImageAnswer } from "../../../../../../provider/engine/image";
import type { SwarmApi } from "../../../../../../provider/orchestrators/swarm/api/swarm-api";
import { swarmImages } from "../../../../../../provider/orchestrators/swarm/api/image";

// An image that no registry knows has another id after each build on a manager with the containerd store.

const identity = { owner: "shop/dev", key: "key" };
const answer = (Id: string, layer: string): ImageAnswer => ({ Id, RootFS: { Layers: [layer] }, Config: {} });
const [FIRST, AGAIN, CHANGED] = [answer("id1", "v1"), answer("id2", "v1"), answer("id3", "v2")];

function spec(): Spec {
  const raw = { image: "shop:1", procfile: "release: r\nweb: a\nclock: c\n", orchestrator: "swarm" };
  const parsed = parseSpec(raw, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

/** Services as made from an image. */
function servicesOf(image: SwarmFacts["image"]): ObservedService[] {
  return spec().types.map((type) => ({
    id: `s-${type.name}`,
    version: 1,
    meshPorts: [],
    spec: desiredService(spec(), type, 1, identity, { image }, type.singleton ? "n1" : undefined),
  }));
}

/** Manager that has some images, by reference and id, and whose registry does not answer. */
function managerOf(images: Readonly<Record<string, ImageAnswer>>): Pick<SwarmApi, "image" | "digest"> {
  return { image: async (name) => images[name], digest: () => Promise.reject(new Error("no registry")) };
}

async function causes(now: ImageAnswer, kept: Readonly<Record<string, ImageAnswer>>): Promise<string[]> {
  const services = servicesOf({ id: "id1", pinned: "shop:1" });
  const images = await swarmImages(managerOf({ "shop:1": now, ...kept }), { ...query, images: ["shop:1"] }, services);
  const capacity = { cpus: 2e9, memory: 2 ** 30 };
  const node = { id: "n1", name: "n1", address: "", isUp: true, availability: "active", labels: {}, capacity } as const;
  const tasks = services.map((of) => ({
    id: `t-${of.id}`,
    service: of.id,
    slot: 1,
    node: "n1",
    state: "running",
    desired: "running",
    error: "",
    exitCode: 0,
    container: of.id,
    createdAt: 1,
    ports: [],
    labels: of.spec.TaskTemplate.ContainerSpec.Labels,
    constraints: of.spec.TaskTemplate.Placement.Constraints,
  })) as ObservedSwarm["tasks"];
  const seen = { cluster: "c", address: "", services, tasks, nodes: [node], secrets: [], claims: [], strangers: [] };
  const { changes } = planSwarm({ spec: spec(), formation: { web: 1, clock: 1 }, identity }, { ...seen, images });
  return changes.map((change) => `${change.type} ${change.cause}`);
}

const query = { apps: ["shop"], registryAuth: [] };
const REBUILT = [
  "release before this release",
  "web image shop:1 rebuilt",
  expect.stringContaining("clock image shop:1 rebuilt, stopped") as string,
];

test.each<[string, ImageAnswer, Readonly<Record<string, ImageAnswer>>, string[]]>([
  ["the same image", FIRST, {}, []],
  ["built again without a change", AGAIN, { id1: FIRST }, []],
  ["built again with a change", CHANGED, { id1: FIRST }, REBUILT],
  ["built again, and the former is gone", AGAIN, {}, REBUILT],
])("%s", async (_, now, kept, expected) => {
  expect(await causes(now, kept)).toEqual(expected);
});
