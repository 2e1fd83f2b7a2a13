import schema from "../../../../schema.json";
import { check } from "../../../../provider/lifecycle/check";
import { EXAMPLES } from "../../../support/settings";
import { surroundings } from "../../../support/surroundings";

// Each row has inputs beside a good image and Procfile, and the beginnings of their faults. Every input has a row.

const context = surroundings();
const faults = (more: object) =>
  check({}, { image: "shop:1", procfile: "web: a\nworker: b\nclock: c\n", ...more }, context).faults;

const web = (settings: unknown) => ({ processes: { web: settings } });
const host = (settings: unknown) => ({ hosts: [settings] });
const socket = { host: "unix:///var/run/docker.sock" };

const APP = "give 2 to 40 of a-z, 0-9 and -, not starting or ending with -";
const TYPE = "use 1 to 63 of a-z, A-Z, 0-9, _ and -, starting and ending with a letter or a digit";
const ALIKE = "would have the same host names, such as";
const APART = "in which case does not count and _ is -: give one of them another name";
const TIME = 'give more than 0 seconds or a duration such as "90s" or "2m", at most 168h';
const DURATION = 'give seconds or a duration such as "90s" or "2m", at most 168h';
const CPUS = 'give CPUs such as 0.5, ".5" or "500m"';
const LIMIT_OF_CPUS = 'give 0.01 CPUs or more, such as 0.5, ".5" or "500m"';
const MEMORY = 'give 6Mi to 1024Ti, in bytes or such as "256M", "256MB", "256Mi" or "1.5G", all powers of 1024';
const BIND = 'give a host address such as "127.0.0.1", "0.0.0.0:8080" or "[::1]:8080"';
const ADDRESS = "give unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host";
const HOST = 'give an object such as { host: "ssh://user@host" }';
const COMMAND = "give a command line, or a list of words";
const WORD = "of at most 120000 bytes, without NUL characters";
const HEALTH = 'give ["CMD", "curl", "-f", "localhost"], ["CMD-SHELL", "a line for the shell"] or ["NONE"]';

const HEADER = "give the name of a header such as Host, which is not one of the connection's own";
const asked = (headers: unknown) => web({ port: 80, health: { path: "/", headers } });

const settings = Object.entries(EXAMPLES).flatMap(([name, { wrong }]) =>
  wrong.flatMap(([value, fault]) => [
    [{ [name]: value }, fault] as const,
    [web({ [name]: value }), `processes.web.${fault}`] as const,
  ]),
);

const rows: readonly (readonly [object, string])[] = [
  [web({ image: "a b" }), 'processes.web.image is "a b" (a string): give an image reference such as shop:1'],
  ...settings,
  [web({ env: ["PASSWORD=hunter2"] }), "processes.web.env is a list: give an object of names and values"],
  [web({ env: { A: 42 } }), "processes.web.env.A is a number: give a string"],
  [web({ env: { PS: "1" } }), "processes.web.env.PS is set for every process by Formation: use another name"],
  [
    web({ env: { "a.b": "1" } }),
    "processes.web.env.a.b would not reach the command line of web: /bin/sh drops names of other characters than A-Z, a-z, 0-9 and _: use another name, or give processes.web.command as a list of words",
  ],
  [{ sclae: {} }, "sclae is not an input of Formation: did you mean scale?"],

  [{ app: "Shop!" }, `app is "Shop!" (a string): ${APP}`],
  [{ app: "../x" }, `app is "../x" (a string): ${APP}`],
  [{ app: "x" }, `app is "x" (a string): ${APP}`],
  [{ app: 5 }, `app is 5: ${APP}`],
  [{ image: undefined }, "image is missing: give an image reference such as shop:1"],
  [{ image: "a b" }, 'image is "a b" (a string): give an image reference such as shop:1'],
  [{ pull: "often" }, 'pull is "often" (a string): give "missing" or "always" or "never"'],
  [
    { registryAuth: { address: "r", username: "u", password: "hunter2" } },
    "registryAuth is an object: give a list of registries with username and password",
  ],
  [
    { registryAuth: [{ username: "u", password: "p" }] },
    "registryAuth.0.address is missing: give a registry's address such as registry.example.com:5000",
  ],
  [
    { registryAuth: [{ address: "r", username: 5, password: "p" }] },
    "registryAuth.0.username is a number: give a string",
  ],
  [
    { registryAuth: [{ address: "r", username: "u", password: 5 }] },
    "registryAuth.0.password is a number: give a string",
  ],
  [{ registryAuth: ["hunter2"] }, "registryAuth.0 is a string: give an object"],

  [{ procfile: 5 }, "procfile is 5: give the Procfile's text"],
  [{ procfile: "" }, "procfile and processes define no process type: add one, such as web: npm start"],
  [{ procfile: "web\n" }, 'procfile:1: "web" is not a line "type: command", a # comment or blank'],
  [
    { procfile: "web: a\n<<<<<<< HEAD\n" },
    'procfile:2: "<<<<<<< HEAD" is not a line "type: command", a # comment or blank',
  ],
  [{ procfile: "web: a\nweb: b" }, 'procfile:2: "web" stands on line 1 already: each type has one line'],
  [{ procfile: "web:" }, 'procfile:1: "web" has no command: write "web: command"'],
  [{ procfile: "web_: a" }, `procfile:1: "web_" is not a process type: ${TYPE}`],
  [{ procfile: "wéb: a" }, `procfile:1: "wéb" is not a process type: ${TYPE}`],
  [{ procfile: "../x: a" }, `procfile:1: "../x" is not a process type: ${TYPE}`],
  [{ procfile: "-v: a" }, `procfile:1: "-v" is not a process type: ${TYPE}`],
  [{ procfile: `${"x".repeat(300)}: a` }, `procfile:1: "${"x".repeat(57)}..." is not a process type: ${TYPE}`],
  [
    { procfile: "web;rm -rf /: a" },
    'procfile:1: "web;rm -rf /: a" is not a line "type: command", a # comment or blank',
  ],
  [
    { procfile: `web: ${"x".repeat(120_001)}` },
    'procfile:1: the command of "web" is longer than 120000 bytes: put it into a script of the image',
  ],

  [{ processes: [] }, "processes is []: give an object of process types"],
  [web(5), "processes.web is a number: give an object"],
  [{ processes: { "web;rm -rf /": { command: "a" } } }, `processes.web;rm -rf / is not a process type's name: ${TYPE}`],
  [{ processes: { "../x": { command: "a" } } }, `processes.../x is not a process type's name: ${TYPE}`],
  [{ processes: { "-v": { command: "a" } } }, `processes.-v is not a process type's name: ${TYPE}`],
  [{ processes: { _web: { command: "a" } } }, `processes._web is not a process type's name: ${TYPE}`],
  [{ processes: { web: {}, Web: { command: "a" } } }, `processes.web and processes.Web ${ALIKE} web.1, ${APART}`],
  [
    { processes: { a_b: { command: "a" }, "a-b": { command: "a" } } },
    `processes.a-b and processes.a_b ${ALIKE} a-b.1, ${APART}`,
  ],
  [
    { procfile: "web: a\nSide_Kiq: b\nside-kiq: c" },
    `processes.Side_Kiq and processes.side-kiq ${ALIKE} side-kiq.1, ${APART}`,
  ],
  [{ processes: { "": { command: "a" } } }, `processes. is not a process type's name: ${TYPE}`],
  [{ processes: { run: { command: "a" } } }, "processes.run is reserved for one-off processes: choose another name"],
  [{ procfile: "web: a\nRun: b" }, "processes.Run is reserved for one-off processes: choose another name"],
  [
    { procfile: "web: a\nRelease: b" },
    "processes.Release reads as release, which is run once per release: write release, or choose another name",
  ],
  [
    { processes: { release: { command: "a" } } },
    "processes.release is reserved for the command run once per release: give it as releasePhase.command",
  ],
  [
    { processes: { wbe: {} } },
    "processes.wbe has no command: the Procfile defines web, worker, clock; add one, or correct the name",
  ],
  [web({ colour: 1 }), "processes.web.colour is not an input of Formation: check its spelling"],
  [web({ command: "" }), `processes.web.command is "" (a string): ${COMMAND}`],
  [web({ command: [""] }), `processes.web.command is [""]: ${COMMAND}`],
  [web({ command: 5 }), `processes.web.command is 5: ${COMMAND}`],
  [web({ command: ["a", 5] }), `processes.web.command.1 is 5: give a word ${WORD}`],
  [web({ command: ["a\0"] }), `processes.web.command.0 is "a\\u0000" (a string): give a word ${WORD}`],
  [web({ port: "8080" }), 'processes.web.port is "8080" (a string): give a port from 1 to 65535'],
  [web({ port: 65536 }), "processes.web.port is 65536: give a port from 1 to 65535"],
  [web({ port: 80, bind: "localhost" }), `processes.web.bind is "localhost" (a string): ${BIND}`],
  [web({ bind: "127.0.0.1" }), "processes.web.bind has no port to publish: give processes.web.port too"],
  [
    { ...web({ port: 80, bind: "0.0.0.0:8080" }), scale: { web: 2 } },
    "processes.web.bind fixes host port 8080, which only one process can have on a host, but web is scaled to 2 on one host: leave the port out of bind, or scale web to 1",
  ],
  [web({ size: 5 }), "processes.web.size is a number: give an object"],
  [web({ size: { cpus: 0 } }), `processes.web.size.cpus is 0: ${LIMIT_OF_CPUS}`],
  [web({ size: { cpus: 0.001 } }), `processes.web.size.cpus is 0.001: ${LIMIT_OF_CPUS}`],
  [web({ size: { memory: "99999999999Ti" } }), `processes.web.size.memory is "99999999999Ti" (a string): ${MEMORY}`],
  [web({ size: { memory: "1M" } }), `processes.web.size.memory is "1M" (a string): ${MEMORY}`],
  [web({ size: { memory: "512" } }), `processes.web.size.memory is "512" (a string): ${MEMORY}`],
  [web({ size: { memory: "512Pi" } }), `processes.web.size.memory is "512Pi" (a string): ${MEMORY}`],
  [web({ size: { memory: ["512M"] } }), `processes.web.size.memory is ["512M"]: ${MEMORY}`],
  [
    web({ size: { memory: "512Mb" } }),
    'processes.web.size.memory is "512Mb" (a string): give "512MB" or "512Mi": Mb may count bits or thousands',
  ],
  [
    web({ reservation: { memory: "1.5kB" } }),
    'processes.web.reservation.memory is "1.5kB" (a string): give "1.5KB" or "1.5Ki": kB may count bits or thousands',
  ],
  [web({ reservation: { cpus: 1e8 } }), `processes.web.reservation.cpus is 100000000: ${CPUS}`],
  [web({ reservation: { cpus: "lots" } }), `processes.web.reservation.cpus is "lots" (a string): ${CPUS}`],
  [web({ reservation: { memory: "5Mi" } }), `processes.web.reservation.memory is "5Mi" (a string): ${MEMORY}`],
  [web({ reservation: 5 }), "processes.web.reservation is a number: give an object"],
  [web({ placement: 5 }), "processes.web.placement is a number: give an object"],
  [web({ placement: { labels: 5 } }), 'processes.web.placement.labels is 5: give an object such as { disk: "ssd" }'],
  [web({ stopTimeout: "soon" }), `processes.web.stopTimeout is "soon" (a string): ${DURATION}`],
  [web({ stopTimeout: -1 }), `processes.web.stopTimeout is -1: ${DURATION}`],
  [web({ stopTimeout: "169h" }), `processes.web.stopTimeout is "169h" (a string): ${DURATION}`],
  [web({ placement: { spread: 5 } }), "processes.web.placement.spread is 5: give a node label's name, such as zone"],
  [web({ publishMode: "mesh" }), 'processes.web.publishMode is "mesh" (a string): give "ingress" or "host"'],
  [web({ singleton: "yes" }), 'processes.web.singleton is "yes" (a string): give true or false'],
  [web({ max: 0 }), "processes.web.max is 0: give a whole number, 1 or more"],
  [web({ min: -1 }), "processes.web.min is -1: give a whole number, 0 or more"],
  [web({ connections: 5 }), "processes.web.connections is 5: give an object such as { db: 10 }"],
  [web({ jobTimeout: 0 }), `processes.web.jobTimeout is 0: ${TIME}`],
  [web({ update: 5 }), "processes.web.update is a number: give an object"],
  [web({ health: 5 }), "processes.web.health is a number: give an object"],
  [
    web({ port: 80, health: { path: "up" } }),
    'processes.web.health.path is "up" (a string): give a path such as /healthz',
  ],
  [web({ health: { path: "/up" } }), "processes.web.health.path has no port to ask: give processes.web.port too"],
  [web({ health: { status: 99 } }), "processes.web.health.status is 99: give an HTTP status from 100 to 599"],
  [asked("shop"), 'processes.web.health.headers is a string: give an object such as { Host: "shop.example.com" }'],
  [web({ health: { image: "own" } }), 'processes.web.health.image is "own" (a string): give true or false'],
  [
    asked(["Authorization: hunter2"]),
    'processes.web.health.headers is a list: give an object such as { Host: "shop.example.com" }',
  ],
  [asked({ "Ho st": "a" }), `processes.web.health.headers.Ho st is "Ho st" (a string): ${HEADER}`],
  [asked({ "Host:": "a" }), `processes.web.health.headers.Host: is "Host:" (a string): ${HEADER}`],
  [asked({ "": "a" }), `processes.web.health.headers. is "" (a string): ${HEADER}`],
  [
    asked({ "Content-Length": "1" }),
    `processes.web.health.headers.Content-Length is "Content-Length" (a string): ${HEADER}`,
  ],
  [asked({ Host: 5 }), "processes.web.health.headers.Host is a number: give 1 to 4096 visible characters of ASCII"],
  ...["", " a", "a\r\nX: b", "a\nb", "a\0", "ü", "a".repeat(4097)].map(
    (Host) => [asked({ Host }), "processes.web.health.headers.Host is not 1 to 4096 visible characters"] as const,
  ),
  [
    asked({ Host: "a", host: "b" }),
    "processes.web.health.headers has a name twice, in capitals and small letters: leave one of them out",
  ],
  [
    web({ port: 80, health: { headers: { Host: "a" } } }),
    "processes.web.health.headers has no path to be sent to: give processes.web.health.path too",
  ],
  [web({ health: { test: ["curl", "localhost"] } }), `processes.web.health.test is ["curl","localhost"]: ${HEALTH}`],
  [web({ health: { interval: 0 } }), `processes.web.health.interval is 0: ${TIME}`],
  [web({ health: { timeout: 0 } }), `processes.web.health.timeout is 0: ${TIME}`],
  [web({ health: { retries: 0 } }), "processes.web.health.retries is 0: give a whole number, 1 or more"],
  [web({ health: { startPeriod: -1 } }), `processes.web.health.startPeriod is -1: ${DURATION}`],

  [{ scale: 5 }, "scale is 5: give an object of quantities such as { web: 2 }"],
  [{ scale: { wrker: 1 } }, "scale.wrker is not a process type of shop: it has web, worker, clock"],
  [{ scale: { constructor: 1 } }, "scale.constructor is not a process type of shop: it has web, worker, clock"],
  [
    { scale: { release: 1 } },
    "scale.release is not a type of the formation: the release command is run once per release and never scaled",
  ],
  [{ scale: { web: -1 } }, "scale.web is -1: give a whole number, 0 or more"],
  [{ scale: { web: 1.5 } }, "scale.web is 1.5: give a whole number, 0 or more"],
  [{ scale: { web: NaN } }, "scale.web is NaN: give a whole number, 0 or more"],
  [{ scale: { web: Infinity } }, "scale.web is Infinity: give a whole number, 0 or more"],
  [{ scale: { web: 1e300 } }, "scale.web is 1e+300: give a whole number, 0 or more"],
  [{ scale: { web: "2" } }, 'scale.web is "2" (a string): give a whole number, 0 or more'],
  [{ scale: { web: null } }, "scale.web is null: give a whole number, 0 or more"],
  [
    { scale: { web: 1e9 } },
    "scale: web is scaled to 1000000000, 0 to 100 are allowed: scale it to 100, or raise processes.web.max",
  ],
  [
    { scale: { clock: 2 } },
    "scale: clock is a singleton: asked for 2, at most 1 may run; scale it to 1, or set processes.clock.singleton: false if two may run at once",
  ],

  [
    {
      processes: { web: { port: 80, bind: "0.0.0.0:80" }, worker: { port: 80, bind: "127.0.0.1:80" } },
      scale: { worker: 1 },
    },
    "processes.worker.bind fixes host port 80, as processes.web.bind does, which only one process can have on a host, but there are 2 on one host: give another port",
  ],
  [
    {
      orchestrator: "swarm",
      processes: { web: { port: 80, bind: "0.0.0.0:80" }, worker: { port: 80, bind: "0.0.0.0:80" } },
      scale: { worker: 1 },
    },
    "processes.worker.bind fixes port 80, as processes.web.bind does, which a Swarm's routing mesh gives to one type only: give another port",
  ],
  [
    { processes: { ["x".repeat(63)]: { command: "a" } }, scale: { ["x".repeat(63)]: 1 } },
    `processes.${"x".repeat(63)}: the host name ${"x".repeat(63)}.1 has 65 characters, at most 64 are allowed: give the type a shorter name`,
  ],
  [
    { orchestrator: "swarm", processes: { ["x".repeat(59)]: { command: "a" } } },
    `processes.${"x".repeat(59)} makes a Swarm service shop_${"x".repeat(59)} of 64 characters, at most 63 are allowed: give`,
  ],

  [{ env: ["PASSWORD=hunter2"] }, "env is a list: give an object of names and values"],
  [{ env: "PASSWORD=hunter2" }, "env is a string: give an object of names and values"],
  [{ env: { "A=B": "x" } }, 'env.A=B is "A=B" (a string): give a name without = and spaces'],
  [{ env: { A: 42 } }, "env.A is a number: give a string"],
  [{ env: { A: "a\0b" } }, "env.A has a NUL character: remove it"],
  [{ env: { A: "x".repeat(120_001) } }, "env.A is longer than 120000 bytes: put it into a file of the image"],
  [{ env: { PORT: "1" } }, "env.PORT is set for every process by Formation: declare processes.<type>.port instead"],
  [
    { env: { "a.b": "1" } },
    "env.a.b would not reach the command line of web: /bin/sh drops names of other characters than A-Z, a-z, 0-9 and _: use another name, or give processes.web.command as a list of words",
  ],
  [
    { env: { IFS: "," } },
    "env.IFS would not reach the command line of web: /bin/sh sets it itself: use another name, or give processes.web.command as a list of words",
  ],
  [{ network: "" }, 'network is "" (a string): give a Docker network\'s name'],
  [
    { network: "container:vpn" },
    'network is "container:vpn", but a process has a host name of its own, which no engine takes there: give',
  ],
  [
    { ...web({ port: 80 }), network: "host" },
    'network is "host", where no port is published: take processes.web.port out, or give a Docker network\'s name',
  ],
  [{ networks: 5 }, "networks is 5: give a list of names such as"],
  [{ networks: [5] }, "networks is [5]: give a list of names such as"],
  [
    web({ networks: { a: { alias: ["b"] } } }),
    "processes.web.networks.a.alias is not an input of Formation: there are aliases",
  ],
  [
    { networks: { a: { aliases: ["b c"] } } },
    'networks.a.aliases.0 is "b c" (a string): give a name of hosts such as shop',
  ],
  [
    { network: "a", networks: ["b"] },
    "network and networks are both given: put the one into networks, and leave network out",
  ],
  [{ networks: ["a", "a"] }, 'networks has "a" twice: name it once'],
  [
    web({ networks: ["a", "host"] }),
    'processes.web.networks has "host", beside which an engine takes no other: leave it or the others out',
  ],
  [
    { networks: { bridge: { aliases: ["a"] } } },
    "networks.bridge.aliases are not known on the engine's own network: leave them out, or make a network",
  ],
  [
    { networks: ["container:vpn"] },
    'networks has "container:vpn", but a process has a host name of its own, which no engine takes there: give',
  ],
  [
    web({ port: 80, networks: ["none"] }),
    'processes.web.networks has "none", where no port is published: take processes.web.port out, or give',
  ],
  [{ maxProcesses: 0 }, "maxProcesses is 0: give a whole number, 1 or more"],
  [{ backingServices: 5 }, "backingServices is 5: give an object such as { db: { maxConnections: 100 } }"],
  [
    { backingServices: { db: { maxConnections: 0 } } },
    "backingServices.db.maxConnections is 0: give a whole number, 1 or more",
  ],
  [
    { backingServices: { db: { maxConnections: 1, reserve: -1 } } },
    "backingServices.db.reserve is -1: give a whole number, 0 or more",
  ],
  [
    { backingServices: { db: { maxConnections: 1, policy: "hope" } } },
    'backingServices.db.policy is "hope" (a string): give "refuse" or "warn"',
  ],
  [{ silence: ["x"] }, 'silence.0 is "x" (a string): give "long-jobs" or '],
  [{ appJson: 5 }, "appJson is 5: give the text of app.json"],

  [{ update: 5 }, "update is a number: give an object"],
  [{ update: { order: "both" } }, 'update.order is "both" (a string): give "start-first" or "stop-first"'],
  [{ update: { parallelism: 0 } }, "update.parallelism is 0: give a whole number, 1 or more"],
  [{ update: { delay: "x" } }, `update.delay is "x" (a string): ${DURATION}`],
  [{ update: { monitor: "x" } }, `update.monitor is "x" (a string): ${DURATION}`],
  [{ update: { failureAction: "panic" } }, 'update.failureAction is "panic" (a string): give "rollback" or "pause"'],
  [{ releasePhase: 5 }, "releasePhase is a number: give an object"],
  [{ releasePhase: { command: " " } }, `releasePhase.command is " " (a string): ${COMMAND}`],
  [{ releasePhase: { timeout: 0 } }, `releasePhase.timeout is 0: ${TIME}`],
  [{ restartedAt: 5 }, 'restartedAt is 5: give an object such as { web: "2026-11-23T15:04:05Z" }'],
  [{ restartedAt: { wbe: "x" } }, "restartedAt.wbe is not a process type: there are web, worker, clock"],
  [{ restartedAt: { "web.x": "t" } }, "restartedAt.web.x is not a process: give a type, or a process such as web.2"],
  [
    { orchestrator: "swarm", env: { A: "" }, secretsAsFiles: ["A"] },
    "env.A is empty, and a Swarm has no empty secrets: take it out of secretsAsFiles",
  ],
  [{ orchestrator: "nomad" }, 'orchestrator is "nomad" (a string): give "docker" or "swarm"'],
  [{ abandonedNodes: "n1" }, 'abandonedNodes is "n1" (a string): give a list of names such as ["node-3"]'],
  [
    { secretsAsFiles: ["A B"] },
    'secretsAsFiles.0 is "A B" (a string): give a variable\'s name, 1 to 200 of A-Z, a-z, 0-9 and _',
  ],
  [{ secretsAsFiles: ["A"] }, "secretsAsFiles names A, which env does not have: add it there"],
  [
    { env: { A: "b", A_FILE: "c" }, secretsAsFiles: ["A"] },
    "env.A_FILE is set by secretsAsFiles, to the path of the file: leave it out",
  ],
  [{ takeOver: "shop" }, 'takeOver is "shop" (a string): give the identity of a formation, as the error names it'],
  [{ rebalance: 5 }, "rebalance is 5: give any text, such as a time"],

  [{ hosts: [] }, "hosts is empty: name a host, or leave hosts out for the engine that docker itself would use"],
  [{ hosts: ["hunter2"] }, `hosts.0 is a string: ${HOST}`],
  [{ hosts: [5] }, `hosts.0 is a number: ${HOST}`],
  [{ hosts: ["ssh://a:hunter2@b"] }, `hosts.0 is a string: ${HOST}`],
  [{ hosts: [socket.host] }, `hosts.0 is "${socket.host}" (a string): give { host: "${socket.host}" }`],
  [{ hosts: "ssh://b" }, 'hosts is "ssh://b" (a string): give [{ host: "ssh://b" }]'],
  [{ hosts: "hunter2" }, "hosts is a string: give a list of hosts"],
  [{ hosts: { ...socket, keyMaterial: "hunter2" } }, "hosts is an object: give a list of hosts"],
  [host({ host: "ftp://x" }), `hosts.0.host is "ftp://x" (a string): ${ADDRESS}`],
  [
    host({ ...socket, name: "a b" }),
    'hosts.0.name is "a b" (a string): give 1 to 63 of letters, digits, _, . and -, starting with a letter or a digit',
  ],
  [host({ ...socket, labels: 5 }), 'hosts.0.labels is 5: give an object of labels such as { disk: "ssd" }'],
  [host({ ...socket, maxProcesses: 0 }), "hosts.0.maxProcesses is 0: give a whole number, 1 or more"],
  [
    host({ ...socket, replaces: "" }),
    'hosts.0.replaces is "" (a string): give the engine\'s id, as the error names it',
  ],
  [host({ ...socket, wait: "soon" }), `hosts.0.wait is "soon" (a string): ${DURATION}`],
  [host({ ...socket, abandoned: "yes" }), 'hosts.0.abandoned is "yes" (a string): give true or false'],
  [host({ ...socket, caMaterial: 5 }), "hosts.0.caMaterial is a number: give the PEM text of the CA's certificate"],
  [
    host({ ...socket, certMaterial: "hunter2" }),
    "hosts.0.certMaterial is not usable: give the PEM text of the client's certificate",
  ],
  [
    host({ ...socket, keyMaterial: "hunter2" }),
    "hosts.0.keyMaterial is not usable: give the PEM text of the client's private key, without a passphrase",
  ],
  [host({ ...socket, certPath: 5 }), "hosts.0.certPath is 5: give a folder with ca.pem, cert.pem and key.pem"],
  [host({ ...socket, sshOpts: 5 }), "hosts.0.sshOpts is 5: give a list of options of ssh"],
];

test.each(rows.map(([declared, fault]) => [JSON.stringify(declared).slice(0, 80), declared, fault]))(
  "%s is refused",
  (_, declared, fault) => {
    const found = faults(declared);
    expect(found[0]?.slice(0, fault.length)).toBe(fault);
    expect(found.join()).not.toContain("hunter2");
  },
);

test("every input has a row", () => {
  const names = rows.map(([, fault]) => fault.split(/[ :]/)[0]);
  const lacking = inputPaths().filter((path) => !names.some((name) => name === path || name?.startsWith(`${path}.`)));
  expect(lacking).toEqual([]);
});

/** Paths such as `processes.web.size.cpus` of all inputs that schema.json allows. */
function inputPaths(): string[] {
  type Shape = { $ref?: string; items?: Shape; additionalProperties?: Shape; oneOf?: Shape[] };
  const types = schema.types as unknown as Record<string, { properties?: Record<string, Shape> }>;
  const entries: Record<string, string> = {
    processes: ".web",
    backingServices: ".db",
    hosts: ".0",
    registryAuth: ".0",
    mounts: ".0",
  };
  const walk = (properties: Record<string, Shape>, parent: string): string[] =>
    Object.entries(properties).flatMap(([name, shape]) => {
      const path = parent + name;
      const inner = shape.$ref ?? shape.items?.$ref ?? shape.additionalProperties?.$ref;
      const type = inner === undefined ? undefined : types[inner.replace("#/types/", "")];
      // One row is enough for all places of the same shape.
      if (type?.properties === undefined || path === "processes.web.update") return [path];
      return [path, ...walk(type.properties, `${path}${entries[name] ?? ""}.`)];
    });
  const [resource] = Object.values(schema.resources) as unknown as { inputProperties: Record<string, Shape> }[];
  return walk(resource!.inputProperties, "");
}

test("names that are none are reported in one go, without the values below them", () => {
  const PEM = "-----BEGIN PRIVATE KEY-----hunter2";
  const found = faults({
    enviroment: { PASSWORD: "hunter2" },
    registryAuth: [{ address: "r", username: "u", token: "hunter2" }],
    processes: {
      web: { comand: "serve --token=hunter2", environment: ["PASSWORD=hunter2"], health: { header: { A: "hunter2" } } },
      worker: { replicas: 2, mem_limit: "512m" },
    },
    hosts: [{ ...socket, key: PEM }],
    env: { enviroment: "hunter2", replicas: "2" },
  });
  expect(found.join()).not.toContain("hunter2");
  expect([...found].sort()).toEqual([
    "enviroment is not an input of Formation: give env",
    'hosts.0.key is not an input of Formation: give hosts.0.keyMaterial for TLS, or hosts.0.sshOpts: ["-i", "~/.ssh/deploy"] for ssh',
    "processes.web.comand is not an input of Formation: did you mean command?",
    expect.stringMatching(/^processes\.web\.environment is not an input of Formation: give (processes\.web\.)?env\b/),
    "processes.web.health.header is not an input of Formation: give processes.web.health.headers",
    "processes.worker.mem_limit is not an input of Formation: give processes.worker.size.memory",
    "processes.worker.replicas is not an input of Formation: give scale: { worker: 2 }",
    "registryAuth.0.password is missing: give a string",
    "registryAuth.0.token is not an input of Formation: give registryAuth.0.password",
  ]);
});

test("faults of every kind are reported in one go", () => {
  expect(
    faults({
      image: "",
      sclae: {},
      env: { A: 1, PORT: "1" },
      scale: { web: -1, clock: 2, wrker: 1 },
    }),
  ).toEqual([
    'image is "" (a string): give an image reference such as shop:1',
    "scale.web is -1: give a whole number, 0 or more",
    "env.A is a number: give a string",
    "sclae is not an input of Formation: did you mean scale?",
    "env.PORT is set for every process by Formation: declare processes.<type>.port instead",
    "scale.wrker is not a process type of shop: it has web, worker, clock",
    expect.stringMatching(/^scale: clock is a singleton: asked for 2, at most 1 may run/),
  ]);
});
