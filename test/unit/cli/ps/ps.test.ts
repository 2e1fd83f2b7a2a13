import { appOf, type App } from "../../../../cli/observe/app";
import { ENCRYPTED } from "../../../../cli/state/checkpoint";
import { select } from "../../../../cli/observe/select";
import { formatAge } from "../../../../cli/ps/age";
import { psJson } from "../../../../cli/ps/json";
import { rowsOf, running, typesIn, type Sight } from "../../../../cli/ps/rows";
import { needsDetails } from "../../../../cli/ps/state";
import { counts, psLines } from "../../../../cli/ps/text";
import { argumentsOf } from "../../../../provider/core/model/environment";
import type { Details, Seen, Usage } from "../../../../provider/orchestrators/viewer";

const HOUR = 3600;
const plain = (text: string) => text;
const paint = { good: plain, bad: plain, doubtful: plain };

const app: App = appOf(
  {
    urn: "",
    name: "shop",
    app: "shop",
    inputs: {
      procfile: "web: bundle exec unicorn -p $PORT -c ./config/unicorn.rb\nworker: bundle exec rake jobs:work\n",
      processes: { clock: { command: ["node", "clock.js", "it's"] }, web: { port: 80 } },
      formation: { clock: 1, web: 3, worker: 2 },
    },
    outputs: {
      instances: [
        { type: "worker", index: 2, host: "b", container: "w2" },
        { type: "web", index: 1, host: "a", container: "web1" },
      ],
    },
  },
  "shop/dev",
);

function seen(type: string, index: number, more: Partial<Seen> = {}): Seen {
  return {
    host: "a",
    container: `${type}${index}`.padEnd(16, "0"),
    name: `shop.${type}.${index}`,
    app: "shop",
    owner: "shop/dev",
    type,
    index,
    singleton: false,
    image: "shop:1",
    imageId: "id",
    configuration: "command=1",
    stopTimeout: 30,
    state: "running",
    createdAt: 1000,
    age: 8 * HOUR,
    command: "node x",
    ...more,
  };
}

function sight(containers: readonly Seen[], more: Partial<Sight> = {}): Sight {
  return { containers, lost: [], details: new Map<string, Details>(), usage: new Map<string, Usage>(), ...more };
}

function table(what: Sight, more: { wide?: boolean; width?: number } = {}): string {
  const rows = rowsOf(app, what);
  const types = typesIn(app, rows);
  const counted = counts(types, running(types, rows), app.formation);
  return psLines(rows, counted, { wide: false, width: undefined, paint, ...more }).join("\n");
}

const healthy = [
  seen("web", 1),
  seen("web", 2),
  seen("web", 3),
  seen("worker", 1),
  seen("worker", 2),
  seen("clock", 1),
];

test("the table of old: by type and number, with what each has been for how long, and the Procfile's command", () => {
  const ages = [3, 60, 8 * HOUR, 48 * HOUR, 0, 14 * 24 * HOUR];
  const containers = healthy.map((container, at) => ({ ...container, age: ages[at]! })).reverse();
  expect(table(sight(containers))).toBe(
    `\
Process   State       Command
--------  ----------  ---------------------------------------------------
web.1     up for 3s   bundle exec unicorn -p $PORT -c ./config/unicorn.rb
web.2     up for 1m   bundle exec unicorn -p $PORT -c ./config/unicorn.rb
web.3     up for 8h   bundle exec unicorn -p $PORT -c ./config/unicorn.rb
worker.1  up for 2d   bundle exec rake jobs:work
worker.2  up for 0s   bundle exec rake jobs:work
clock.1   up for 14d  node clock.js 'it'\\''s'

web 3/3, worker 2/2, clock 1/1`,
  );
});

test("everything that can be wrong is said", () => {
  const details = new Map<string, Details>([
    [seen("web", 2).container, { restarts: 5, exitCode: 1, outOfMemory: false }],
    [seen("web", 3).container, { restarts: 0, exitCode: 137, outOfMemory: true }],
    ["loop", { restarts: 1, exitCode: 0, outOfMemory: false }],
  ]);
  const containers = [
    seen("web", 1, { health: "unhealthy" }),
    seen("web", 2, { state: "restarting", exitCode: 1, age: 4 }),
    seen("web", 3, { state: "exited", exitCode: 137, age: 300 }),
    seen("web", 3, { state: "exited", name: "shop.web.3.old", container: "old", exitCode: 0, age: 3 }),
    seen("web", 10, { age: 60 }),
    seen("clock", 1, { container: "loop", age: 1 }),
    seen("clock", 1, { container: "twin", name: "shop.clock.1.hand", age: 90, createdAt: 2000 }),
    seen("mail", 1, { health: "starting", age: 2, command: "/bin/sh -c 'trap : TERM; mail it's'" }),
    seen("mail", 2, { age: 3, command: `/bin/sh -c '${argumentsOf("mail it's").at(-1)}'` }),
    seen("run", 1, { age: 70, command: "bash" }),
  ];
  expect(table(sight(containers, { lost: ["b"], details }))).toBe(`\
Process   State                                    Command
--------  ---------------------------------------  ---------------------------------------------------
web.1     unhealthy, up for 8h                     bundle exec unicorn -p $PORT -c ./config/unicorn.rb
web.2     restarting (exit 1, 5 restarts)          bundle exec unicorn -p $PORT -c ./config/unicorn.rb
web.3     surplus, crashed (out of memory) 5m ago  bundle exec unicorn -p $PORT -c ./config/unicorn.rb
web.3     former, stopped 3s ago                   bundle exec unicorn -p $PORT -c ./config/unicorn.rb
web.10    up for 1m                                bundle exec unicorn -p $PORT -c ./config/unicorn.rb
worker.1  missing                                  bundle exec rake jobs:work
worker.2  unknown (b cannot be reached)            bundle exec rake jobs:work
clock.1   restarting (1 restart)                   node clock.js 'it'\\''s'
clock.1   twin, up for 1m                          node clock.js 'it'\\''s'
mail.1    surplus, starting for 2s                 mail it's
mail.2    surplus, up for 3s                       mail it's
run.1     up for 1m                                bash

web 2/3, worker ?/2, clock 1/1, mail 2/0`);
});

test.each<[string, Partial<Seen>, Partial<Details> | undefined, string]>([
  ["up", {}, undefined, "up for 8h"],
  ["starting", { health: "starting", age: 3 }, undefined, "starting for 3s"],
  ["healthy", { health: "healthy" }, undefined, "up for 8h"],
  ["unhealthy", { health: "unhealthy" }, undefined, "unhealthy, up for 8h"],
  ["crashed", { state: "exited", exitCode: 3, age: 300 }, {}, "crashed (exit 3) 5m ago"],
  [
    "killed for its memory",
    { state: "exited", exitCode: 137, age: 3 },
    { outOfMemory: true },
    "crashed (out of memory) 3s ago",
  ],
  [
    "waiting to be started again",
    { state: "restarting", exitCode: 1 },
    { restarts: 5 },
    "restarting (exit 1, 5 restarts)",
  ],
  ["just started again", { age: 1 }, { restarts: 1 }, "restarting (1 restart)"],
  ["started again long ago", { age: 600 }, { restarts: 7 }, "up for 10m"],
  ["paused", { state: "paused" }, undefined, "paused"],
  ["created", { state: "created" }, undefined, "created, never started"],
  ["removing", { state: "removing" }, undefined, "stopping"],
  ["dead", { state: "dead" }, undefined, "dead"],
])("a process that is %s", (_, more, details, text) => {
  const container = seen("clock", 1, more);
  const known = { restarts: 0, exitCode: 0, outOfMemory: false, ...details };
  const rows = rowsOf(
    app,
    sight([container], { details: new Map(details === undefined ? [] : [[container.container, known]]) }),
  );
  const clock = rows.filter((row) => row.type === "clock");
  const [, , line] = psLines(clock, [], { wide: false, width: undefined, paint });
  expect(line?.split(/ {2,}/)).toEqual(["clock.1", text, app.commands.get("clock")]);
});

test.each<[string, Seen[], string[], string[]]>([
  ["missing", [seen("web", 1), seen("web", 3)], [], ["web.2 missing"]],
  ["unknown, where its host cannot be reached", [seen("web", 1)], ["b"], ["worker.1 missing", "worker.2 unknown"]],
  ["surplus", [...healthy, seen("web", 4), seen("web", 10)], [], ["web.4 surplus up", "web.10 surplus up"]],
  ["of a type that is no longer declared", [...healthy, seen("mail", 1)], [], ["mail.1 surplus up"]],
  ["a twin", [...healthy, seen("clock", 1, { name: "by-hand", container: "twin" })], [], ["clock.1 twin up"]],
  [
    "what a release has replaced",
    [...healthy, seen("web", 1, { name: "shop.web.1.old", container: "old", state: "exited", exitCode: 0 })],
    [],
    ["web.1 former stopped"],
  ],
  ["a one-off process", [...healthy, seen("run", 2)], [], ["run.2 up"]],
])("among all, %s", (_, containers, lost, expected) => {
  const rows = rowsOf(app, sight(containers, { lost }));
  const shown = rows.map(({ name, mark, state }) => [name, mark, state.kind].filter(Boolean).join(" "));
  for (const one of expected) expect(shown).toContain(one);
  if (containers.length > 6) expect(shown).toHaveLength(containers.length);
});

test("of a Swarm that cannot be asked, everything is unknown, on whatever node it was", () => {
  const rows = rowsOf({ ...app, cluster: "c1" }, sight([], { lost: ["swarm"] }));
  const known = rows.filter(({ state }) => state.kind !== "missing");
  expect(known.map(({ name, state }) => [name, state])).toEqual([
    ["web.1", { kind: "unknown", host: "a" }],
    ["worker.2", { kind: "unknown", host: "b" }],
  ]);
});

test("wide adds where it runs and what it uses", () => {
  const usage = new Map([
    [seen("web", 1).container, { memory: 12.5 * 2 ** 20, memoryLimit: 2 ** 30, cpus: 0.257, cpuSeconds: 4 }],
  ]);
  const rows = rowsOf(app, sight([seen("web", 1)], { usage })).slice(0, 2);
  expect(psLines(rows, [], { wide: true, width: undefined, paint }).slice(0, 4)).toEqual([
    "Process  State      Host  Release   Container     Memory    CPU  Command",
    "-------  ---------  ----  --------  ------------  --------  ---  ---------------------------------------------------",
    "web.1    up for 8h  a     5e39cdc1  web100000000  12.5 MiB  26%  bundle exec unicorn -p $PORT -c ./config/unicorn.rb",
    "web.2    missing    -     -         -             -         -    bundle exec unicorn -p $PORT -c ./config/unicorn.rb",
  ]);
});

test("commands are cut to a terminal's width, and to nothing else", () => {
  const lines = table(sight(healthy), { width: 50 }).split("\n");
  expect(lines[2]).toBe("web.1     up for 8h  bundle exec unicorn -p $PORT…");
  expect(Math.max(...lines.map((line) => line.length))).toBe(50);
});

test("what cannot be counted is not 0", () => {
  const rows = rowsOf(app, sight([seen("web", 2)], { lost: ["b"] }));
  const counted = running(typesIn(app, rows), rows);
  expect(counted).toEqual({ web: 1, worker: null, clock: 0 });
  expect(counts(["web", "worker"], counted, app.formation)).toEqual(["web 1/3", "worker ?/2"]);
});

test("programs get the numbers", () => {
  const container = seen("web", 1, { state: "exited", exitCode: 3 });
  const details = new Map([
    [container.container, { since: "2026-11-23T15:04:05Z", restarts: 2, exitCode: 3, outOfMemory: false }],
  ]);
  const rows = rowsOf(app, sight([container], { details })).slice(0, 2);
  const parsed = JSON.parse(
    psJson("shop", rows, app.formation, running(["web"], rows), [{ name: "a", reachable: true }]),
  ) as object;
  expect(parsed).toEqual({
    app: "shop",
    formation: { clock: 1, web: 3, worker: 2 },
    running: { web: 0 },
    hosts: [{ name: "a", reachable: true }],
    processes: [
      {
        name: "web.1",
        type: "web",
        index: 1,
        state: "crashed",
        exitCode: 3,
        outOfMemory: false,
        restarts: 2,
        since: "2026-11-23T15:04:05Z",
        host: "a",
        container: container.container,
        release: "5e39cdc1",
        command: app.commands.get("web"),
      },
      { name: "web.2", type: "web", index: 2, state: "missing", command: app.commands.get("web") },
    ],
  });
});

test("a list is enough for what runs quietly or is new", () => {
  const now = 100_000;
  expect(healthy.some((container) => needsDetails(container, now))).toBe(false);
  expect(needsDetails(seen("web", 1, { age: 2, createdAt: now - 4 }), now)).toBe(false);
  expect(needsDetails(seen("web", 1, { age: 2 }), now)).toBe(true);
  expect(needsDetails(seen("web", 1, { state: "restarting" }), now)).toBe(true);
});

test.each([
  [["web"], "web.1 web.2"],
  [["web.2", "clock"], "web.2 clock.1"],
  [[], "web.1 web.2 worker.1 clock.1 run.1"],
  [["run"], "run.1"],
])("%j selects %s", (names, expected) => {
  const slots = ["web.1", "web.2", "worker.1", "clock.1", "run.1"].map((name) => {
    const [type = "", index] = name.split(".");
    return { type, index: Number(index) };
  });
  const isMeant = select(names, app.types, slots);
  expect(
    slots
      .filter(isMeant)
      .map(({ type, index }) => `${type}.${index}`)
      .join(" "),
  ).toBe(expected);
});

test.each([
  [
    "foo",
    "foo is no process type and no process of this app",
    "there are web, worker, clock; a process is named as in web.1",
  ],
  ["web.x", '"web.x" is no process type and no process of this app', "there are web, worker, clock"],
  ["web.0", '"web.0" is no process type', "there are web, worker, clock"],
  ["web.9", "there is no process web.9", "there are web.1, web.2"],
  ["clock.1", "there is no process clock.1", "no process of clock is wanted or runs"],
])("%s is refused, and what there is is said", (name, message, hint) => {
  const slots = [1, 2].map((index) => ({ type: "web", index }));
  expect(() => select(["web", name], app.types, slots)).toThrow(
    expect.objectContaining({
      code: "InvalidInput",
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(hint) as string,
    }) as Error,
  );
});

test.each([
  [0, "0s"],
  [59.9, "59s"],
  [60, "1m"],
  [3599, "59m"],
  [HOUR, "1h"],
  [47 * HOUR, "47h"],
  [48 * HOUR, "2d"],
])("%d s are %s", (age, text) => expect(formatAge(age)).toBe(text));

describe("commands that the program has made secret", () => {
  const procfile = "web: serve --token=abcdefgh\nworker: work\n";
  const formation = { web: 1, worker: 1, clock: 1 };
  const commandsShown = (inputs: object) => {
    const secret = appOf(
      { urn: "", name: "shop", app: "shop", inputs: { formation, ...inputs }, outputs: {} },
      "shop/dev",
    );
    const all = ["web", "worker", "clock", "olden", "run"].map((type) =>
      seen(type, 1, { command: "serve --token=abcdefgh" }),
    );
    const commands = rowsOf(secret, sight(all)).map(({ type, command }) => [type, command]);
    return Object.fromEntries(commands) as Record<string, string>;
  };
  const hidden = "[secret]";
  const processes = { clock: { command: "tick" } };

  test.each([
    ["a Procfile that was not decrypted", { procfile: ENCRYPTED, processes }, { clock: "tick" }],
    ["a Procfile that was", { procfile, processes, __secrets: [["procfile"]] }, { clock: "tick" }],
    [
      "one command",
      { procfile: "worker: work\n", processes: { ...processes, web: { command: ["serve", ENCRYPTED] } } },
      { clock: "tick", worker: "work" },
    ],
    ["all processes", { procfile: "worker: work\n", processes: ENCRYPTED }, { worker: "work" }],
    ["all processes, decrypted", { processes, __secrets: [["processes"]] }, {}],
  ])("%s: none is shown, and none of what is declared no longer", (_, inputs, others) => {
    expect(commandsShown(inputs)).toEqual({
      web: hidden,
      worker: hidden,
      clock: hidden,
      olden: hidden,
      ...others,
      // A person has typed this command, and nothing of it is declared.
      run: "serve --token=abcdefgh",
    });
  });
});
