import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import { effectOf } from "../../../../../../provider/core/model/effects";
import type { DesiredInstance } from "../../../../../../provider/core/model/desired";
import type { ObservedHost } from "../../../../../../provider/core/model/observed";
import { imageNotes } from "../../../../../../provider/core/plan/image-notes";
import type { ImageConfig } from "../../../../../../provider/core/values/image";
import { plan } from "../../../../../../provider/orchestrators/docker/plan/plan";

// Containers as their image wants them, as far as a host tells of the image and inputs say nothing else.

const BARE: ImageConfig = { entrypoint: [], command: [], hasHealthCheck: false, volumes: [] };
const rooms = [{ name: "a", labels: {}, maxProcesses: Infinity, abandoned: false }];

function planOn(config: Partial<ImageConfig> | undefined, more: object) {
  const parsed = parseSpec({ image: "shop:1", ...more }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  const { spec } = parsed;
  const facts = { content: "c", platform: "linux/amd64", digests: [] };
  const host: ObservedHost = { name: "a", address: "a", engine: "A", instances: [], strangers: [], imageId: "id" };
  const hosts = [{ ...host, imageFacts: config === undefined ? facts : { ...facts, config: { ...BARE, ...config } } }];
  const formation = Object.fromEntries(spec.types.map(({ name }) => [name, 1]));
  const { changes } = plan({ spec, formation, rooms, identity: { owner: "shop/dev", key: "key" } }, hosts);
  const wants = changes.flatMap(({ steps }) => steps.map(effectOf).flatMap((one) => one.makes ?? one.runsOnce ?? []));
  return { wants: new Map(wants.map((want) => [want.type, want])), notes: imageNotes(changes, hosts, spec) };
}

const web = (more: object = {}) => ({ processes: { web: { command: ["serve"], ...more } } });
const wantOf = (config: Partial<ImageConfig> | undefined, more: object): DesiredInstance =>
  planOn(config, more).wants.get("web")!;

describe("init", () => {
  test.each<[string, Partial<ImageConfig> | undefined, object, string | undefined]>([
    ["s6-overlay", { entrypoint: ["/init"] }, web(), "/init"],
    ["tini", { entrypoint: ["/usr/bin/tini", "--", "run"] }, web(), "/usr/bin/tini"],
    ["dumb-init, found on the path", { entrypoint: ["dumb-init", "--"] }, web(), "dumb-init"],
    ["Phusion's", { command: ["x"] }, web({ command: ["/sbin/my_init"] }), "/sbin/my_init"],
    ["a whole system's", {}, web({ command: ["/sbin/init"] }), "/sbin/init"],
    ["the entrypoint that is given", undefined, web({ entrypoint: ["/init"] }), "/init"],
    ["a plain entrypoint", { entrypoint: ["docker-entrypoint.sh"] }, web(), undefined],
    ["a program that is called init", { entrypoint: ["/app/init"] }, web(), undefined],
    ["an entrypoint that is taken away", { entrypoint: ["/init"] }, web({ entrypoint: [] }), undefined],
    ["an image that nobody tells of", undefined, web(), undefined],
  ])("%s", (_, config, more, init) => {
    expect(wantOf(config, more).settings.init).toBe(init === undefined ? undefined : false);
    expect(planOn(config, more).notes).toEqual(init === undefined ? [] : [`init left out: the image brings ${init}`]);
  });

  test.each([true, false])("is as given: %s", (init) => {
    const { wants, notes } = planOn({ entrypoint: ["/init"] }, web({ init }));
    expect([wants.get("web")?.settings.init, notes]).toEqual([init, []]);
  });

  test("is left out of the release command's process, too, and told of once", () => {
    const { wants, notes } = planOn({ entrypoint: ["/init"] }, { procfile: "release: a\nweb: b\nworker: c" });
    expect([...wants.values()].map(({ type, settings }) => [type, settings.init])).toEqual([
      ["release", false],
      ["web", false],
      ["worker", false],
    ]);
    expect(notes).toEqual(["init left out: the image brings /init"]);
  });

  test("changes no digest", () => {
    expect(wantOf({ entrypoint: ["/init"] }, web()).configuration).toBe(wantOf(undefined, web()).configuration);
  });
});
