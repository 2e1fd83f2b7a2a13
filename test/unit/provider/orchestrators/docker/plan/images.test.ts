import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import { effectOf } from "../../../../../../provider/core/model/effects";
import type { DesiredInstance } from "../../../../../../provider/core/model/desired";
import type { ObservedHost } from "../../../../../../provider/core/model/observed";
import { imageNotes, ownCommandRefusal } from "../../../../../../provider/core/plan/image-notes";
import type { ImageConfig } from "../../../../../../provider/core/values/image";
import { createOptions } from "../../../../../../provider/orchestrators/docker/container/container";
import { plan } from "../../../../../../provider/orchestrators/docker/plan/plan";

// Containers as their image wants them, as far as a host tells of the image and inputs say nothing else.

const BARE: ImageConfig = { entrypoint: [], command: [], hasHealthCheck: false, volumes: [] };
const rooms = [{ name: "a", labels: {}, maxProcesses: Infinity, abandoned: false }];

function planOn(config: Partial<ImageConfig> | undefined, more: object) {
  const parsed = parseSpec({ image: "shop:1", ...more }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  const { spec } = parsed;
  const facts = { content: "c", platform: "linux/amd64", digests: [] };
  const known = config === undefined ? facts : { ...facts, config: { ...BARE, ...config } };
  const images = { "shop:1": { id: "id", facts: known } };
  const hosts: ObservedHost[] = [{ name: "a", address: "a", engine: "A", instances: [], strangers: [], images }];
  const formation = Object.fromEntries(spec.types.map(({ name }) => [name, 1]));
  const { changes } = plan({ spec, formation, rooms, identity: { owner: "shop/dev", key: "key" } }, hosts);
  const wants = changes.flatMap(({ steps }) => steps.map(effectOf).flatMap((one) => one.makes ?? one.runsOnce ?? []));
  return {
    wants: new Map(wants.map((want) => [want.type, want])),
    notes: imageNotes(changes, hosts, spec),
    refusal: ownCommandRefusal(changes, hosts, spec),
  };
}

/** Faults of the inputs alone, or of their plan. */
function faultsOf(config: Partial<ImageConfig> | undefined, more: object): string[] {
  const parsed = parseSpec({ image: "shop:1", ...more }, "shop");
  if (parsed.kind === "faults") return [...parsed.faults];
  return [planOn(config, more).refusal?.message ?? []].flat();
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

describe("the image's own health check", () => {
  const checked = { hasHealthCheck: true };

  test.each<[string, Partial<ImageConfig>, object, readonly string[] | undefined]>([
    ["judges a type with a port", checked, web({ port: 80 }), undefined],
    ["does not judge one without", checked, web(), ["NONE"]],
    ["judges one that asks for it", checked, web({ health: { image: true } }), undefined],
    ["does not judge one that wants none", {}, web({ port: 80, health: { image: false } }), ["NONE"]],
    ["gives way to another", checked, web({ health: { test: ["CMD", "a"] } }), ["CMD", "a"]],
    ["is nothing to speak of where there is none", {}, web(), undefined],
  ])("%s", (_, config, more, test) => {
    expect(wantOf(config, more).settings.health?.test).toEqual(test);
  });

  test("is part of the configuration only where the default does not hold", () => {
    const partsOf = (more: object) => wantOf(checked, web(more)).configuration.replaceAll(/=\w+/g, "");
    expect(partsOf({})).toBe("command");
    expect(partsOf({ port: 80, health: { image: true } })).toBe("command,port");
    expect(partsOf({ health: { image: true } })).toBe("command,health");
    expect(partsOf({ port: 80, health: { image: false } })).toBe("command,health,port");
  });

  test("is not asked for beside another one", () => {
    expect(faultsOf({}, web({ health: { image: true, test: ["NONE"] } }))).toEqual([
      "processes.web.health.image says whose check it is, but so does processes.web.health.test: leave one of them out",
    ]);
  });
});

describe("a type without a command", () => {
  test("runs the image's own", () => {
    const want = wantOf({ entrypoint: ["/entry"], command: ["serve"] }, { processes: { web: {} } });
    expect([want.arguments, want.settings.entrypoint, want.configuration]).toEqual([undefined, undefined, ""]);
    expect(createOptions(want, undefined)).not.toHaveProperty("Cmd");
  });

  test.each<[string, Partial<ImageConfig> | undefined, object, string[]]>([
    ["a command alone", { command: ["serve"] }, { processes: { web: {} } }, []],
    ["an entrypoint that is given", {}, { processes: { web: { entrypoint: ["/run"] } } }, []],
    ["an image that nobody tells of", undefined, { processes: { web: {} } }, []],
    [
      "an image without any",
      {},
      { processes: { web: {} } },
      ["image shop:1 has no command of its own: give processes.web.command"],
    ],
    [
      "beside a Procfile",
      { command: ["serve"] },
      { procfile: "web: a", processes: { wroker: {} } },
      ["processes.wroker has no command: the Procfile defines web; add one, or correct the name"],
    ],
  ])("%s", (_, config, more, faults) => {
    expect(faultsOf(config, more)).toEqual(faults);
  });
});

describe("an image of buildpacks", () => {
  const made = { entrypoint: ["/cnb/process/web"], processTypes: ["web", "worker"] };
  const launcher = ["/cnb/lifecycle/launcher"];

  test.each<[string, object, readonly string[], RegExp | undefined]>([
    ["a line runs in the launcher's shell", { command: "a | b" }, launcher, /^\["trap .*; a \| b"\]$/],
    ["words run as they are", { command: ["a", "b"] }, launcher, /^\["--","a","b"\]$/],
    ["a type of its own", {}, ["/cnb/process/web"], undefined],
    ["an entrypoint that is given", { command: ["a"], entrypoint: ["/b"] }, ["/b"], /^\["a"\]$/],
  ])("%s", (_, own, entrypoint, words) => {
    const { settings, arguments: given } = wantOf(made, { processes: { web: own } });
    expect(settings.entrypoint).toEqual(entrypoint);
    expect(given === undefined ? "none" : JSON.stringify(given)).toMatch(words ?? /^none$/);
  });

  test("has no other types than those that it defines", () => {
    expect(faultsOf(made, { processes: { web: {}, clock: {} } })).toEqual([
      "processes.clock has no command, and image shop:1 defines web, worker: give one, or correct the name",
    ]);
  });
});

describe("a folder of the image's that is a volume", () => {
  const image = { volumes: ["/data", "/tmp/cache"] };
  const note = (type: string, path: string) =>
    `the image's VOLUME ${path} is gone with each container of ${type}: mount a volume there to keep it`;

  test.each<[string, object, string[]]>([
    ["is told of", {}, [note("web", "/data"), note("web", "/tmp/cache")]],
    ["is not where memory covers it", { tmpfs: ["/tmp", "/data"] }, [note("web", "/tmp/cache")]],
  ])("%s", (_, own, notes) => {
    expect(planOn(image, web(own)).notes).toEqual(notes);
  });
});

describe("an entrypoint that takes commands as its arguments", () => {
  const advice = (words: string) =>
    `the image's ENTRYPOINT ${words} takes the command of web as its arguments: set processes.web.entrypoint to [], or silence: ["entrypoint"]`;

  test.each<[string, Partial<ImageConfig>, object, string[]]>([
    ["a script for node", { entrypoint: ["node", "server.js"] }, web(), [advice("node server.js")]],
    [
      "one of Python",
      { entrypoint: ["/usr/bin/python3.12", "-u", "a.py"] },
      web(),
      [advice("/usr/bin/python3.12 -u a.py")],
    ],
    ["an archive of Java's", { entrypoint: ["java", "-jar", "a.jar"] }, web(), [advice("java -jar a.jar")]],
    ["a line of its own", { entrypoint: ["/bin/sh", "-c", "node a.js"] }, web(), [advice("/bin/sh -c node a.js")]],
    ["a script that may hand on", { entrypoint: ["/entry.sh"] }, web(), []],
    ["a script that a shell reads", { entrypoint: ["/bin/sh", "/entry.sh"] }, web(), []],
    ["a line that hands on", { entrypoint: ["/bin/sh", "-c", 'exec "$@"', "sh"] }, web(), []],
    ["an interpreter alone", { entrypoint: ["node"] }, web(), []],
    ["an entrypoint that is taken away", { entrypoint: ["node", "a.js"] }, web({ entrypoint: [] }), []],
    ["a type without a command", { entrypoint: ["node", "a.js"] }, { processes: { web: {} } }, []],
    ["silence", { entrypoint: ["node", "a.js"] }, { ...web(), silence: ["entrypoint"] }, []],
  ])("%s", (_, config, more, notes) => {
    expect(planOn(config, more).notes).toEqual(notes);
  });
});
