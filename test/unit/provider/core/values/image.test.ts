import { isOtherImage, lastingName, likeness, type ImageFacts } from "../../../../../provider/core/values/image";
import { imageAt, type ImageHere, type ObservedHost } from "../../../../../provider/core/model/observed";
import { underFirstId } from "../../../../../provider/orchestrators/docker/container/container";
import { factsOf, type ImageAnswer } from "../../../../../provider/engine/image";

type Listed = Parameters<typeof underFirstId>[0][number];

// One saved image as Debian's Docker 20.10 and a Docker 29 with the containerd store describe it.
const layers = ["sha256:c341"];
const classic: ImageAnswer = {
  Id: "sha256:fb9c",
  RepoDigests: [],
  Os: "linux",
  Architecture: "amd64",
  Config: {
    Hostname: "",
    Domainname: "",
    User: "",
    AttachStdin: false,
    Tty: false,
    Image: "",
    WorkingDir: "",
    Env: ["PATH=/bin"],
    Cmd: ["node"],
    Volumes: null,
    Entrypoint: null,
    OnBuild: null,
    Labels: { a: "1", b: "2" },
  },
  RootFS: { Layers: layers },
};
const containerd: ImageAnswer = {
  Id: "sha256:2426",
  RepoDigests: ["shop@sha256:2426"],
  Os: "linux",
  Architecture: "amd64",
  Config: { Cmd: ["node"], Env: ["PATH=/bin"], Labels: { b: "2", a: "1" }, Volumes: {}, User: "" },
  RootFS: { Layers: layers },
};
const contentOf = (answer: ImageAnswer) => factsOf(answer)?.content;

describe("the content of an image", () => {
  test("is one on both stores, whatever else they write", () => {
    expect(contentOf(classic)).toMatch(/^[0-9a-f]{64}$/);
    expect(contentOf(containerd)).toBe(contentOf(classic));
  });

  test.each<[string, Partial<ImageAnswer>]>([
    ["a layer", { RootFS: { Layers: [...layers, "sha256:d1"] } }],
    ["the order of layers", { RootFS: { Layers: ["sha256:d1", ...layers] } }],
    ["the command", { Config: { ...classic.Config, Cmd: ["node", "-v"] } }],
    ["a variable", { Config: { ...classic.Config, Env: ["PATH=/usr/bin"] } }],
    ["a port, which has no value", { Config: { ...classic.Config, ExposedPorts: { "80/tcp": {} } } }],
    ["the platform", { Architecture: "arm64", Variant: "v8" }],
  ])("is another with %s", (_, more) => {
    expect(contentOf({ ...classic, ...more })).not.toBe(contentOf(classic));
  });

  test.each<[string, ImageAnswer]>([
    ["no layers", { ...classic, RootFS: { Layers: null } }],
    ["nothing", { Id: "sha256:1" }],
  ])("is not known of an answer with %s", (_, answer) => {
    expect(factsOf(answer)).toBeUndefined();
  });
});

describe("the configuration of an image", () => {
  const none = { entrypoint: [], command: [], hasHealthCheck: false, volumes: [] };
  const label = (text: string) => ({ "io.buildpacks.build.metadata": text });
  const launcher = { Entrypoint: ["/cnb/process/web"] };
  const made = { ...none, entrypoint: ["/cnb/process/web"] };
  const types = JSON.stringify({ processes: [{ type: "web" }, { type: "worker", command: ["a"] }] });

  test.each<[string, NonNullable<ImageAnswer["Config"]> | null, object]>([
    ["nothing", null, none],
    ["nulls", { Entrypoint: null, Cmd: null, Healthcheck: null, Volumes: null, Labels: null }, none],
    ["words", { Entrypoint: ["/init"], Cmd: ["a", "b"] }, { ...none, entrypoint: ["/init"], command: ["a", "b"] }],
    ["volumes", { Volumes: { "/b": {}, "/a": {} } }, { ...none, volumes: ["/a", "/b"] }],
    ["a check", { Healthcheck: { Test: ["CMD", "a"] } }, { ...none, hasHealthCheck: true }],
    ["no check at all", { Healthcheck: { Test: ["NONE"] } }, none],
    ["buildpacks", { ...launcher, Labels: label(types) }, { ...made, processTypes: ["web", "worker"] }],
    ["buildpacks that tell nothing", { ...launcher, Labels: label("{") }, { ...made, processTypes: [] }],
    ["buildpacks without a label", launcher, { ...made, processTypes: [] }],
    ["a label of an image that was made from theirs", { Labels: label(types) }, none],
  ])("%s", (_, Config, expected) => {
    expect(factsOf({ ...classic, Config })?.config).toEqual(expected);
  });
});

test.each([
  ["one id", { id: "1" }, { id: "1", content: "x" }, "same"],
  ["other ids of one content", { id: "1", content: "x" }, { id: "2", content: "x" }, "same"],
  ["other contents", { id: "1", content: "x" }, { id: "2", content: "y" }, "other"],
  ["a former one that is gone", { id: "1" }, { id: "2", content: "x" }, "gone"],
  ["one that only a registry has", { id: "1" }, { id: "2", isUnseen: true }, "unseen"],
  ["ids alone", { id: "1", content: "x" }, { id: "2" }, "other"],
])("likeness of %s", (_, was, now, expected) => {
  expect(likeness(was, now)).toBe(expected);
});

describe("one reference on two hosts", () => {
  const facts = (content: string, more: Partial<ImageFacts> = {}): ImageFacts => ({
    content,
    platform: "linux/amd64",
    digests: [],
    ...more,
  });
  const arm = { platform: "linux/arm64/v8" };
  const pulled = (digest: string) => ({ digests: [`reg:5000/shop@sha256:${digest}`] });

  test.each<[string, ImageFacts | undefined, ImageFacts | undefined, boolean]>([
    ["two stores, one content", facts("x"), facts("x", { digests: ["reg:5000/shop@b"] }), false],
    ["one platform, two contents", facts("x"), facts("y"), true],
    ["one platform, two contents, one digest", facts("x", pulled("1")), facts("y", pulled("1")), false],
    ["one platform, one content pushed twice", facts("x", pulled("1")), facts("x", pulled("2")), false],
    ["one platform, two contents, two digests", facts("x", pulled("1")), facts("y", pulled("2")), true],
    ["two platforms, one digest", facts("x", pulled("1")), facts("y", { ...arm, ...pulled("1") }), false],
    ["two platforms, built on each", facts("x"), facts("y", arm), false],
    ["two platforms, pulled on one", facts("x", pulled("1")), facts("y", arm), false],
    ["two platforms, two digests", facts("x", pulled("1")), facts("y", { ...arm, ...pulled("2") }), true],
    [
      "two platforms, a digest that is only the id",
      facts("x", pulled("1")),
      facts("y", { ...arm, digests: ["reg:5000/shop@b"] }),
      false,
    ],
    [
      "two platforms, digests of another name",
      facts("x", pulled("1")),
      facts("y", { ...arm, digests: ["shop@sha256:2"] }),
      false,
    ],
    ["nothing but ids", undefined, facts("x"), true],
  ])("%s", (_, one, other, expected) => {
    const isOther = (reference: string) => isOtherImage(reference, { id: "a", facts: one }, { id: "b", facts: other });
    expect(isOther("reg:5000/shop:1")).toBe(expected);
    expect(isOther(`reg:5000/shop@sha256:${"1".repeat(64)}`)).toBe(false);
  });

  test.each([
    ["shop:1", "shop"],
    ["docker.io/library/shop:1", "shop"],
    ["docker.io/acme/shop", "acme/shop"],
    ["reg:5000/library/shop", "reg:5000/library/shop"],
  ])("%s is known to registries as %s", (reference, repository) => {
    const on = (digest: string, more: object = {}) => facts(digest, { digests: [`${repository}@${digest}`], ...more });
    const known = [
      { id: "a", facts: on("1") },
      { id: "b", facts: on("2", arm) },
    ] as const;
    expect(isOtherImage(reference, ...known)).toBe(true);
    expect(isOtherImage("other:1", ...known)).toBe(false);
  });
});

test("what a new process will be made of is what the registry has told last, then what the host has", () => {
  const bare = { name: "a", address: "", engine: "A", instances: [], strangers: [] };
  const having = (image: ImageHere): ObservedHost => ({ ...bare, images: { "shop:1": image } });
  const has = { id: "1", facts: { content: "x", platform: "", digests: [] } };
  const hosts = [undefined, bare, having({ id: "1" }), having(has), having({ ...has, newer: "2" })];
  const images = hosts.map((host) => imageAt(host, "shop:1"));
  expect(hosts.map((host) => imageAt(host, "shop:2"))).toEqual(hosts.map(() => undefined));
  expect(images).toEqual([undefined, undefined, { id: "1" }, { id: "1", content: "x" }, { id: "2", isUnseen: true }]);
  expect(images.map(lastingName)).toEqual([undefined, undefined, "1", "x", "2"]);
});

test("containers of one manifest have the image id of the oldest", () => {
  const listed = (Id: string, ImageID: string, Created: number, digest?: string) =>
    ({ Id, ImageID, Created, ...(digest === undefined ? {} : { ImageManifestDescriptor: { digest } }) }) as Listed;
  const list = [
    listed("c", "i3", 3, "m"),
    listed("a", "i1", 1, "m"),
    listed("b", "i2", 1, "m"),
    listed("d", "i9", 0, "n"),
  ];
  const ids = (all: readonly Listed[]) => underFirstId(all).map(({ Id, ImageID }) => `${Id} ${ImageID}`);
  expect(ids(list)).toEqual(["c i1", "a i1", "b i1", "d i9"]);
  expect(ids([...list].reverse())).toEqual(["d i9", "b i1", "a i1", "c i1"]);
  expect(ids([listed("a", "i1", 1), listed("b", "i2", 2)])).toEqual(["a i1", "b i2"]);
});
