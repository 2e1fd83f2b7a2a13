import * as fc from "fast-check";
import * as z from "zod";
import { COUNTERPARTS } from "../../../../../provider/core/inputs/counterparts";
import { inputs } from "../../../../../provider/core/inputs/inputs";
import { unknownInput } from "../../../../../provider/core/inputs/unknown-input";
import { folded } from "../../../../../provider/core/values/nearest";
import schema from "../../../../../schema.json";

// Advice on names that are no inputs: misspelt ones, and those of other tools.

const PREFIX = / is not an input of Formation: /;
const advice = (path: string, shape: z.ZodType = inputs) => {
  const steps = path.split(".");
  const [where, text] = unknownInput(shape, steps.slice(0, -1), steps.at(-1) ?? "").split(PREFIX);
  expect(where).toBe(path);
  return text ?? "";
};

const QUANTITY = "give scale: { web: 2 }";

test.each([
  ["sclae", "did you mean scale?"],
  ["proceses", "did you mean processes?"],
  ["Scale", "did you mean scale?"],
  ["release_phase", "did you mean releasePhase?"],
  ["processes.web.comand", "did you mean command?"],
  ["processes.web.stop_timeout", "did you mean stopTimeout?"],
  ["processes.web.stopTimout", "did you mean stopTimeout?"],
  ["processes.web.cmd", "give processes.web.command"],
  ["processes.web.size.memmory", "did you mean memory?"],
  ["processes.web.update.failure_action", "did you mean failureAction?"],
  ["processes.web.update.strategy", "give processes.web.update.order"],
  ["update.paralell", "there are order, parallelism, delay, monitor, failureAction"],
  ["hosts.0.keyMaterail", "did you mean keyMaterial?"],
  ["hosts.12.url", "give hosts.12.host"],
  ["processes.web.colour", "check its spelling"],
  ["processes.web.constructor", "check its spelling"],

  ["environment", "give env"],
  ["envs", "give env"],
  ["enviroment", "give env"],
  ["services", "give processes"],
  ["version", "leave it out: there is nothing like it"],
  ["name", "give app"],
  ["port", "give processes.<type>.port"],
  ["memory", "give processes.<type>.size.memory"],
  ["healthcheck", "give processes.<type>.health"],
  ["replicas", QUANTITY],
  ["host", 'give hosts, such as [{ host: "ssh://user@host" }]'],
  ["order", "give update.order"],
  ["processes.web.replicas", QUANTITY],
  ["processes.web.count", QUANTITY],
  ["processes.web.quantity", QUANTITY],
  ["processes.web.instances", QUANTITY],
  ["processes.web.scale", QUANTITY],
  ["processes.my-app.scale", 'give scale: { "my-app": 2 }'],
  ["processes.web.memory", "give processes.web.size.memory"],
  ["processes.web.mem_limit", "give processes.web.size.memory"],
  ["processes.web.memoryLimit", "give processes.web.size.memory"],
  ["processes.web.cpus", "give processes.web.size.cpus"],
  ["processes.web.expose", "give processes.web.port"],
  ["processes.web.stop_grace_period", "give processes.web.stopTimeout"],
  ["processes.web.stopGracePeriod", "give processes.web.stopTimeout"],
  ["processes.web.restart", "leave it out: a process that ends is started again, always"],
  [
    "processes.web.depends_on",
    "leave it out: types do not wait for each other; give releasePhase.command for what must be done before any process starts",
  ],
  ["processes.web.container_name", "leave it out: processes have names of their own, such as web.1"],
  [
    "processes.web.deploy",
    "give scale for replicas, processes.web.size for resources.limits, processes.web.reservation for resources.reservations, processes.web.update for update_config, processes.web.placement for placement",
  ],
  ["processes.web.path", "give processes.web.health.path"],
  ["processes.web.maxProcesses", "give maxProcesses, for all types"],
  ["processes.web.pull_policy", "give pull"],
  ["processes.web.privileged", "leave it out: there is nothing like it"],
  ["processes.web.health.disable", 'give processes.web.health.test: ["NONE"]'],
  ["processes.web.health.port", "leave it out: processes.web.health.path is asked on processes.web.port"],
  ["registryAuth.0.server", "give registryAuth.0.address"],
  ["backingServices.db.limit", "give backingServices.db.maxConnections"],
])("%s: %s", (path, text) => {
  expect(advice(path)).toBe(text);
});

test("a name of any length is answered at once", () => {
  expect(advice(`processes.web.${"x".repeat(1e6)}`)).toBe("check its spelling");
});

// Settings are added from version to version: advice on one goes by what the shape has.
const text = z.string().optional();
const settings = { workingDir: text, capabilities: z.strictObject({ add: text, drop: text }).optional() };
const type = (own: z.ZodRawShape) => z.strictObject({ processes: z.record(z.string(), z.strictObject(own)) });
const some = z.strictObject({ ...type({ ...settings, env: text }).shape, env: text, mounts: text });
const none = type({});
test.each<[string, string, z.ZodType, string]>([
  ["processes.web.environment", "some settings", some, "give processes.web.env"],
  ["processes.web.environment", "no setting", none, "leave it out: there is nothing like it"],
  ["processes.web.working_dir", "some settings", some, "did you mean workingDir?"],
  ["processes.web.cwd", "some settings", some, "give processes.web.workingDir"],
  ["processes.web.cwd", "no setting", none, "leave it out: set WORKDIR in the image"],
  ["processes.web.cap_add", "some settings", some, "give processes.web.capabilities.add"],
  ["processes.web.volumes", "some settings", some, "give mounts, for all types"],
  ["volumes", "some settings", some, "give mounts"],
  ["volumes", "no setting", none, "leave it out: there is nothing like it"],
  ["cwd", "some settings", some, "give processes.<type>.workingDir"],
])("%s, of a shape with %s", (path, _, shape, wanted) => {
  expect(advice(path, shape)).toBe(wanted);
});

interface Part {
  $ref?: string;
  items?: Part;
  additionalProperties?: Part;
}
const types = schema.types as unknown as Record<string, { properties?: Record<string, Part> }>;

/** Paths of all objects that schema.json has inputs in, and their names. In a path, `*` is any entry. */
function placesIn(properties: Record<string, Part>, parent: string[]): [string[], string[]][] {
  const below = Object.entries(properties).flatMap(([name, part]) => {
    const entry = part.items ?? part.additionalProperties;
    const inner = types[(entry?.$ref ?? part.$ref ?? "").replace("#/types/", "")]?.properties;
    return inner === undefined ? [] : placesIn(inner, [...parent, name, ...(entry?.$ref === undefined ? [] : ["*"])]);
  });
  return [[parent, Object.keys(properties)], ...below];
}

const [resource] = Object.values(schema.resources);
const places = placesIn(resource!.inputProperties as unknown as Record<string, Part>, []);
const paths = new Set(places.flatMap(([parent, names]) => names.map((name) => [...parent, name].join("."))));
const foreign = Object.values(COUNTERPARTS).flatMap((rows) => rows.flatMap(([names]) => names.split(" ")));

const letter = fc.stringMatching(/^[a-zA-C_-]$/);
/** A name with a few letters changed, added or left out. */
const misspelt = (names: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names), fc.array(fc.tuple(fc.nat(20), fc.nat(1), letter), { maxLength: 3 }))
    .map(([name, edits]) =>
      edits.reduce((word, [at, cut, added]) => word.slice(0, at) + added + word.slice(at + cut), name),
    );

test("every input that an advice names is one, and a suggestion stands at that very place", () => {
  const everyName = places.flatMap(([, names]) => names);
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.oneof(misspelt(everyName), misspelt(foreign), fc.constantFrom(...foreign, ...everyName), fc.string()),
      ([parent, names], name) => {
        fc.pre(!names.includes(name));
        const at = parent.map((step, depth) =>
          step === "*" ? (parent[depth - 1] === "processes" ? "web" : "0") : step,
        );
        const said = unknownInput(inputs, at, name)
          .slice([...at, name].join(".").length)
          .replace(PREFIX, "");
        const suggested = /^did you mean (.*)\?$/.exec(said)?.[1];
        if (suggested !== undefined) expect(names).toContain(suggested);
        for (const input of inputsIn(said)) expect([...paths]).toContain(input.replace(/\.\d+\./g, ".*."));
        expect(said).not.toMatch(/[{}]\w|\*|undefined/);
      },
    ),
    { numRuns: 1000 },
  );
});

/** Inputs that an advice tells people to give. */
function inputsIn(said: string): string[] {
  const given = [...said.matchAll(/\bgive (?!it\b)([\w.<>-]+\w|\w)/g)].map(([, input = ""]) => input);
  const dotted = [...said.matchAll(/\b(?:processes|hosts|update|releasePhase)\.[\w.<>-]*\w/g)].map(([input]) => input);
  return [...given, ...dotted].map((input) =>
    input.replace(/^(processes|backingServices)\.[^.]+/, "$1.*").replace(/^(hosts|registryAuth)\.[^.]+/, "$1.*"),
  );
}

/** Settings that rows of the table may name before the shape has them. */
const NOT_YET = new Set(
  "env image entrypoint user workingDir labels stopSignal init noNewPrivileges readOnly tmpfs capabilities capabilities.add capabilities.drop ulimits pidsLimit shmSize sysctls extraHosts dns dnsSearch dnsOptions devices gpus logging logging.driver logging.options platform networks ports mounts".split(
    " ",
  ),
);

test("the table names no input by a wrong name, and nothing twice", () => {
  for (const [place, rows] of Object.entries<readonly (readonly [string, readonly string[]])[]>(COUNTERPARTS)) {
    const names = rows.flatMap(([names]) => names.split(" ").map(folded));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const [parent] = places.find(([path]) => placeName(path) === place) ?? [];
    // A place of its own that is still to come.
    if (parent === undefined) continue;
    const given = rows.flatMap(([, texts]) => texts).flatMap((one) => [...one.matchAll(/\{\.?([\w.*]+)\}/g)]);
    const wrong = given
      .map(([, input = ""]) => input.replace(/^processes\.\*\./, ""))
      .filter((input) => !NOT_YET.has(input))
      .filter(
        (input) => ![input, `processes.*.${input}`, [...parent, input].join(".")].some((path) => paths.has(path)),
      );
    expect(wrong).toEqual([]);
  }
});

function placeName(path: readonly string[]): string {
  const name = path.join(".");
  if (name === "") return "formation";
  return name === "processes.*" ? "type" : name.replace(/^processes\.\*\./, "");
}
