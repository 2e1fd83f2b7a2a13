import { randomBytes } from "node:crypto";
import type { ContainerInputs } from "../../provider/core/inputs/container/container-inputs";
import type { EngineMount } from "../../provider/core/model/mounts";
import type { ContainerCreateOptions } from "../../provider/engine/containers";

/** One setting as a program gives it, and as engines are to be told. */
interface Example<T> {
  readonly given: T;
  /** Parts of a container's creation, which its inspection repeats. */
  readonly docker: Pick<ContainerCreateOptions, "HostConfig"> & { readonly Config?: ContainerCreateOptions };
  /** Parts of a Swarm service's template, or the reason why it is refused. */
  readonly swarm: Readonly<Record<string, unknown>> | { readonly refused: string };
  /** Values that are refused, each with its fault. */
  readonly wrong: readonly (readonly [unknown, string])[];
  /** True for a value that is no setting: it stands for the default. */
  readonly isDefault?: (value: T) => boolean;
  /** Parts of an inspection, where an engine does not repeat what was asked for. */
  readonly shown?: object;
  /** Reason why the engines of the tests cannot take it. */
  readonly untried?: string;
}

type Examples = { readonly [K in keyof ContainerInputs]-?: Example<NonNullable<ContainerInputs[K]>> };

const config = (Config: ContainerCreateOptions) => ({ Config });
const host = (HostConfig: NonNullable<ContainerCreateOptions["HostConfig"]>) => ({ HostConfig });
const container = (ContainerSpec: object) => ({ ContainerSpec });

/** The volume of the example; a test whose engine has made it removes it. */
export const VOLUME = `volume-${randomBytes(4).toString("hex")}`;

/** An example of each setting: one that is forgotten does not compile. */
export const EXAMPLES: Examples = {
  entrypoint: {
    given: ["/bin/sh", "-c", 'exec "$@"', "sh"],
    docker: config({ Entrypoint: ["/bin/sh", "-c", 'exec "$@"', "sh"] }),
    swarm: container({ Command: ["/bin/sh", "-c", 'exec "$@"', "sh"] }),
    wrong: [["/init", 'entrypoint is "/init" (a string): give a list of words such as ["/init"]']],
  },
  user: {
    given: "1000:1000",
    docker: config({ User: "1000:1000" }),
    swarm: container({ User: "1000:1000" }),
    wrong: [["a b", 'user is "a b" (a string): give a user such as app, 1000 or 1000:1000']],
  },
  workingDir: {
    given: "/tmp",
    docker: config({ WorkingDir: "/tmp" }),
    swarm: container({ Dir: "/tmp" }),
    wrong: [["tmp", 'workingDir is "tmp" (a string): give an absolute path in the container, such as /data']],
  },
  labels: {
    given: { "traefik.enable": "true" },
    docker: config({ Labels: { "traefik.enable": "true" } }),
    swarm: container({ Labels: { "traefik.enable": "true" } }),
    wrong: [
      [{ a: 5 }, "labels.a is 5: give a label's value"],
      [
        { "formation.app": "x" },
        'labels is {"formation.app":"x"}: give a label\'s name, not of formation\'s own: they begin with formation.',
      ],
    ],
  },
  stopSignal: {
    given: "QUIT",
    docker: config({ StopSignal: "SIGQUIT" }),
    swarm: container({ StopSignal: "SIGQUIT" }),
    wrong: [["SIGNONSENSE", 'stopSignal is "SIGNONSENSE" (a string): give a signal such as SIGQUIT']],
  },
  init: {
    given: false,
    docker: host({ Init: false }),
    swarm: container({ Init: false }),
    wrong: [["no", 'init is "no" (a string): give true or false']],
  },
  noNewPrivileges: {
    given: false,
    docker: host({ SecurityOpt: [] }),
    swarm: container({ Privileges: { NoNewPrivileges: false } }),
    wrong: [[0, "noNewPrivileges is 0: give true or false"]],
    isDefault: (value) => value,
  },
  readOnly: {
    given: true,
    docker: host({ ReadonlyRootfs: true }),
    swarm: container({ ReadOnly: true }),
    wrong: [[1, "readOnly is 1: give true or false"]],
    isDefault: (value) => !value,
  },
  tmpfs: {
    given: ["/scratch", "/cache:size=64m,mode=1777"],
    docker: host({ Tmpfs: { "/scratch": "", "/cache": "size=67108864,mode=1777" } }),
    swarm: container({
      Mounts: [
        { Type: "tmpfs", Target: "/scratch", TmpfsOptions: {} },
        { Type: "tmpfs", Target: "/cache", TmpfsOptions: { SizeBytes: 67_108_864, Mode: 0o1777 } },
      ],
    }),
    wrong: [
      [["tmp"], 'tmpfs.0 is "tmp" (a string): give a path such as "/tmp" or "/run:size=64m,mode=1777"'],
      [["/a:noexec"], 'tmpfs.0 is "/a:noexec" (a string): give a path'],
    ],
  },
  mounts: {
    given: [
      { type: "tmpfs", target: "/scratch", size: "1Mi", mode: "1777" },
      { type: "volume", source: VOLUME, target: "/var/lib/app/", readOnly: true },
      { type: "bind", source: "/tmp", target: "/host", readOnly: false },
    ],
    docker: host({
      Mounts: [
        { Type: "bind", Source: "/tmp", Target: "/host" },
        { Type: "tmpfs", Target: "/scratch", TmpfsOptions: { SizeBytes: 2 ** 20, Mode: 0o1777 } } as EngineMount,
        { Type: "volume", Source: VOLUME, Target: "/var/lib/app", ReadOnly: true },
      ],
    }),
    shown: {
      Mounts: expect.arrayContaining([
        expect.objectContaining({ Type: "bind", Source: "/tmp", Destination: "/host", RW: true }),
        expect.objectContaining({ Type: "volume", Name: VOLUME, Destination: "/var/lib/app", RW: false }),
      ]) as unknown,
    },
    swarm: container({
      Mounts: [
        { Type: "bind", Source: "/tmp", Target: "/host" },
        { Type: "tmpfs", Target: "/scratch", TmpfsOptions: { SizeBytes: 2 ** 20, Mode: 0o1777 } },
        { Type: "volume", Source: VOLUME, Target: "/var/lib/app", ReadOnly: true },
      ],
    }),
    wrong: [
      ["data:/data", 'mounts is "data:/data" (a string): give a list such as [{ type: "volume", source: "data"'],
      [[{ type: "nfs", source: "a1", target: "/a" }], 'mounts.0.type is "nfs" (a string): give "volume" or "bind" or'],
      [[{ type: "volume", target: "/data" }], "mounts.0.source is missing: give a volume's name such as"],
      [
        [{ type: "volume", source: "./data", target: "/data" }],
        'mounts.0.source is "./data" (a string): give a volume',
      ],
      [[{ type: "bind", source: "data", target: "/data" }], 'mounts.0.source is "data" (a string): give an absolute'],
      [[{ type: "tmpfs", source: "data", target: "/data" }], "mounts.0.source is not a property of a tmpfs: leave it"],
      [
        [{ type: "bind", source: "/srv", target: "/data", size: 5 }],
        "mounts.0.size is not a property of a bind: leave",
      ],
      [[{ type: "tmpfs", target: "/a", readOnly: "no" }], 'mounts.0.readOnly is "no" (a string): give true or false'],
      [[{ type: "tmpfs", target: "/a/.." }], 'mounts.0.target is "/a/.." (a string): give an absolute path in the'],
      [[{ type: "tmpfs", target: "/data", mode: 1777 }], "mounts.0.mode is 1777: give permissions in octal, as text"],
      [[{ type: "tmpfs", target: "/data", size: "big" }], 'mounts.0.size is "big" (a string): give bytes or such as'],
      [
        [
          { type: "tmpfs", target: "/data" },
          { type: "tmpfs", target: "/data/" },
        ],
        "mounts.1.target is /data again: give each path once",
      ],
      [
        [{ type: "volume", source: "data", target: "/data", driver: "a b" }],
        'mounts.0.driver is "a b" (a string): give',
      ],
      [
        [{ type: "volume", source: "data", target: "/data", driverOptions: { a: 5 } }],
        "mounts.0.driverOptions.a is 5: give an option's value, as text",
      ],
    ],
  },
  capabilities: {
    given: { add: ["NET_ADMIN"], drop: ["CAP_NET_RAW"] },
    docker: host({ CapAdd: ["CAP_NET_ADMIN"], CapDrop: ["CAP_NET_RAW"] }),
    swarm: container({ CapabilityAdd: ["CAP_NET_ADMIN"], CapabilityDrop: ["CAP_NET_RAW"] }),
    wrong: [
      [{ add: ["net admin"] }, 'capabilities.add.0 is "net admin" (a string): give a capability such as NET_ADMIN'],
      [{ drop: "ALL" }, 'capabilities.drop is "ALL" (a string): give a list such as ["ALL"]'],
    ],
  },
  ulimits: {
    given: { nofile: 4096, nproc: { soft: 512, hard: 1024 } },
    docker: host({
      Ulimits: [
        { Name: "nofile", Soft: 4096, Hard: 4096 },
        { Name: "nproc", Soft: 512, Hard: 1024 },
      ],
    }),
    swarm: container({
      Ulimits: [
        { Name: "nofile", Soft: 4096, Hard: 4096 },
        { Name: "nproc", Soft: 512, Hard: 1024 },
      ],
    }),
    wrong: [[{ nofile: "many" }, 'ulimits.nofile is "many" (a string): give a whole number, or -1 for no limit']],
  },
  pidsLimit: {
    given: 64,
    docker: host({ PidsLimit: 64 }),
    swarm: { Resources: { Limits: { Pids: 64 } } },
    wrong: [[0, "pidsLimit is 0: give a whole number, 1 or more"]],
    isDefault: (value) => value === 4096,
  },
  shmSize: {
    given: "128Mi",
    docker: host({ ShmSize: 134_217_728 }),
    swarm: { refused: 'mount memory there: tmpfs: ["/dev/shm:size=256m"]' },
    wrong: [["big", 'shmSize is "big" (a string): give 64Ki or more, in bytes or such as "256Mi"']],
  },
  sysctls: {
    given: { "net.ipv4.ip_unprivileged_port_start": "80" },
    docker: host({ Sysctls: { "net.ipv4.ip_unprivileged_port_start": "80" } }),
    swarm: container({ Sysctls: { "net.ipv4.ip_unprivileged_port_start": "80" } }),
    wrong: [[{ "net.x": 5 }, "sysctls.net.x is 5: give a value, as text"]],
  },
  extraHosts: {
    given: { "db.internal": "10.0.0.5" },
    docker: host({ ExtraHosts: ["db.internal:10.0.0.5"] }),
    swarm: container({ Hosts: ["10.0.0.5 db.internal"] }),
    wrong: [[{ db: 5 }, "extraHosts.db is 5: give an address"]],
  },
  dns: {
    given: ["10.0.0.2"],
    docker: host({ Dns: ["10.0.0.2"] }),
    swarm: container({ DNSConfig: { Nameservers: ["10.0.0.2"] } }),
    wrong: [[["resolver"], 'dns.0 is "resolver" (a string): give an address such as 10.0.0.2']],
  },
  dnsSearch: {
    given: ["internal.example.com"],
    docker: host({ DnsSearch: ["internal.example.com"] }),
    swarm: container({ DNSConfig: { Search: ["internal.example.com"] } }),
    wrong: [["a", 'dnsSearch is "a" (a string): give a list of domains such as ["internal.example.com"]']],
  },
  dnsOptions: {
    given: ["ndots:2"],
    docker: host({ DnsOptions: ["ndots:2"] }),
    swarm: container({ DNSConfig: { Options: ["ndots:2"] } }),
    wrong: [["a", 'dnsOptions is "a" (a string): give a list such as ["ndots:2"]']],
  },
  devices: {
    given: ["/dev/null:/dev/nothing:r"],
    docker: host({
      Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/nothing", CgroupPermissions: "r" }],
    }),
    swarm: { refused: "run the type on Docker hosts" },
    wrong: [
      [["null"], 'devices.0 is "null" (a string): give a device such as "/dev/ttyUSB0" or "/dev/sda:/dev/xvda:r"'],
    ],
  },
  gpus: {
    given: 2,
    docker: host({ DeviceRequests: [{ Count: 2, Capabilities: [["gpu"]] }] }),
    swarm: { refused: "run the type on Docker hosts" },
    wrong: [["some", 'gpus is "some" (a string): give "all", a number, or a list of ids']],
    untried: "there is no GPU",
  },
  logging: {
    given: { driver: "local", options: { "max-size": "5m" } },
    docker: host({ LogConfig: { Type: "local", Config: { "max-size": "5m" } } }),
    swarm: { LogDriver: { Name: "local", Options: { "max-size": "5m" } } },
    wrong: [
      [{ options: {} }, "logging.driver is missing: give a log driver such as journald or fluentd"],
      [{ driver: "local", options: { a: 5 } }, "logging.options.a is 5: give an option's value, as text"],
      [{ driver: "a b" }, 'logging.driver is "a b" (a string): give a log driver such as journald or fluentd'],
    ],
  },
  platform: {
    given: "linux/amd64",
    docker: config({ platform: "linux/amd64" }),
    swarm: { Placement: { Platforms: [{ OS: "linux", Architecture: "amd64" }] } },
    wrong: [["arm64", 'platform is "arm64" (a string): give a platform such as linux/arm64']],
  },
};
