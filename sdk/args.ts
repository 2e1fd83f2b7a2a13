// Written by `npm run schema` from the shapes in provider/core: change the descriptions there.

import type * as pulumi from "@pulumi/pulumi";

/** Arguments that a Formation is declared with. Values may be outputs, at any depth. */
export interface FormationArgs {
  /** The app's name: 2 to 40 of `a-z`, `0-9` and `-`. Default: the resource's name. */
  readonly app?: pulumi.Input<string | undefined>;
  /**
   * The identity of the formation that runs this app and whose state was really lost: this one takes its processes
   * over. It does nothing for any other.
   */
  readonly takeOver?: pulumi.Input<string | undefined>;
  /** The image that every process runs: any reference the engine has or can pull. */
  readonly image: pulumi.Input<string>;
  /** When to pull the image, always before anything is stopped. Default `missing`. */
  readonly pull?: pulumi.Input<"missing" | "always" | "never" | undefined>;
  /** Credentials of registries, as in @pulumi/docker's provider. */
  readonly registryAuth?: pulumi.Input<pulumi.Input<RegistryAuthArgs>[] | undefined>;
  /** The Procfile's text: `type: command` lines, blank lines and `#` comments. */
  readonly procfile?: pulumi.Input<string | undefined>;
  /**
   * The text of Heroku's or Dokku's app.json, of which `formation` is used: quantities of a first deployment,
   * sizes, limits.
   */
  readonly appJson?: pulumi.Input<string | undefined>;
  /** Settings of process types, by type; also defines types that the Procfile does not have. */
  readonly processes?: pulumi.Input<Record<string, pulumi.Input<ProcessTypeArgs>> | undefined>;
  /** Quantities of the types to change. Types not named keep theirs; a new app runs one web process. */
  readonly scale?: pulumi.Input<Record<string, pulumi.Input<number>> | undefined>;
  /** Environment variables of every process. Values may be secret. */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** The words before the command, in place of the image's ENTRYPOINT; `[]` for none. Default: the image's own. */
  readonly entrypoint?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** The user that processes run as, by name or number, with a group after a colon. Default: the image's. */
  readonly user?: pulumi.Input<string | undefined>;
  /** The folder that processes start in. Default: the image's own. */
  readonly workingDir?: pulumi.Input<string | undefined>;
  /** Labels of each container, such as those that a proxy reads. Those of a type are added to the app's. */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** The signal that asks a process to stop. Default: the image's STOPSIGNAL, else SIGTERM. */
  readonly stopSignal?: pulumi.Input<string | undefined>;
  /**
   * Runs an init of the engine, which passes signals on and reaps orphans. Default: true, unless the image brings
   * one of its own.
   */
  readonly init?: pulumi.Input<boolean | undefined>;
  /** Keeps processes from gaining privileges, as by sudo. Default true. */
  readonly noNewPrivileges?: pulumi.Input<boolean | undefined>;
  /** Makes the container's own file system read only. Default false. */
  readonly readOnly?: pulumi.Input<boolean | undefined>;
  /** Folders that are kept in memory, and that are gone with the container. */
  readonly tmpfs?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /**
   * Volumes, paths of the host and folders in memory. Those of a type are added to the app's, and stand in the
   * place of one at the same path.
   */
  readonly mounts?: pulumi.Input<pulumi.Input<MountArgs>[] | undefined>;
  /** Linux capabilities. Default: the engine's own. */
  readonly capabilities?: pulumi.Input<CapabilitiesArgs | undefined>;
  /** Limits of each process as `ulimit` sets them: one number, or `soft` and `hard`; -1 for none. */
  readonly ulimits?: pulumi.Input<Record<string, pulumi.Input<UlimitArgs | number>> | undefined>;
  /** How many processes and threads a container may have. Default 4096. */
  readonly pidsLimit?: pulumi.Input<number | undefined>;
  /** The size of /dev/shm. Default: the engine's own, 64 MiB. */
  readonly shmSize?: pulumi.Input<string | number | undefined>;
  /** Kernel parameters of the container's own namespaces. */
  readonly sysctls?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Names that stand for addresses in /etc/hosts; `host-gateway` stands for the host, except on a Swarm. */
  readonly extraHosts?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Name servers. Default: the engine's own. */
  readonly dns?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Domains in which short names are looked up. */
  readonly dnsSearch?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Options of the resolver, as in resolv.conf. */
  readonly dnsOptions?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Devices of the host, as `host[:container][:permissions]`. Not on a Swarm. */
  readonly devices?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** GPUs of the host: `"all"`, how many, or their ids. Not on a Swarm. */
  readonly gpus?: pulumi.Input<"all" | number | pulumi.Input<string>[] | undefined>;
  /** Where logs go. Default: `json-file`, three files of 10 MB. */
  readonly logging?: pulumi.Input<LoggingArgs | undefined>;
  /** The platform of the image, where it has several. Default: the host's own. */
  readonly platform?: pulumi.Input<string | undefined>;
  /** The Docker network that the processes join. Default: the engine's own bridge. */
  readonly network?: pulumi.Input<string | undefined>;
  /**
   * The Docker networks that processes join: names, or objects of `aliases` by name. There each is reachable as
   * `<type>` and `<app>-<type>`, too. Those of a type replace the app's.
   */
  readonly networks?: pulumi.Input<pulumi.Input<string>[] | Record<string, pulumi.Input<NetworkArgs>> | undefined>;
  /** How new processes are brought in, unless the type says otherwise. */
  readonly update?: pulumi.Input<UpdateArgs | undefined>;
  /** The command that is run once per release. */
  readonly releasePhase?: pulumi.Input<ReleasePhaseArgs | undefined>;
  /**
   * By type, or by process such as `web.2`: any text; when it changes, the processes are replaced, one after the
   * other.
   */
  readonly restartedAt?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** The largest number of processes allowed, all types together. Default: none. */
  readonly maxProcesses?: pulumi.Input<number | undefined>;
  /** What the processes share and what bears only so many connections, such as a database. */
  readonly backingServices?: pulumi.Input<Record<string, pulumi.Input<BackingServiceArgs>> | undefined>;
  /** Codes of advice that is not to be given. */
  readonly silence?: pulumi.Input<
    | pulumi.Input<"long-jobs" | "singleton-name" | "single-web" | "singleton-order" | "cpus" | "entrypoint">[]
    | undefined
  >;
  /**
   * The container hosts; with a Swarm, the addresses of managers, of which the next is tried when one fails.
   * Default: stack config `formation:host`, `DOCKER_HOST`, the current docker context, the default socket.
   */
  readonly hosts?: pulumi.Input<pulumi.Input<HostArgs>[] | undefined>;
  /**
   * Who places and keeps the processes: `docker`, Formation itself on the hosts named, or `swarm`, the Docker Swarm
   * whose managers the hosts are. Default `docker`.
   */
  readonly orchestrator?: pulumi.Input<"docker" | "swarm" | undefined>;
  /**
   * Variables of `env` that are given to processes as files under `/run/secrets`, not in their environment;
   * `DATABASE_URL_FILE` holds the path. On a Swarm they are Swarm secrets, on a Docker host files in the host's
   * memory (`/dev/shm`).
   */
  readonly secretsAsFiles?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /**
   * Swarm only: nodes that are down, and that a person vouches for being off: singletons that ran there are started
   * elsewhere.
   */
  readonly abandonedNodes?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Any text; when it changes, processes are moved until every type is spread evenly over the hosts. */
  readonly rebalance?: pulumi.Input<string | undefined>;
  /** Path of a Procfile, from the program's folder, such as `../Procfile`; read when the program runs. */
  readonly procfilePath?: string | undefined;
  /** Path of an app.json, from the program's folder, such as `../app.json`; read when the program runs. */
  readonly appJsonPath?: string | undefined;
}

/** The shape of `registryAuth[]`. */
export interface RegistryAuthArgs {
  /** The registry's address. */
  readonly address: pulumi.Input<string>;
  /** The user's name. Always a secret. */
  readonly username: pulumi.Input<string>;
  /** The user's password or token. Always a secret. */
  readonly password: pulumi.Input<string>;
}

/** The shape of `processes.<type>`. */
export interface ProcessTypeArgs {
  /**
   * Overrides the Procfile's command. A string runs in `/bin/sh`, a list of words runs as it is. Default, without a
   * Procfile: the image's own.
   */
  readonly command?: pulumi.Input<string | pulumi.Input<string>[] | undefined>;
  /** The port that each process listens on: it is told in `PORT`, and published on the host. */
  readonly port?: pulumi.Input<number | undefined>;
  /**
   * Where `port` is published: an address, or `address:port` for a fixed port. Default `127.0.0.1`, on a free port.
   */
  readonly bind?: pulumi.Input<string | undefined>;
  /** Another image for this type. Default: that of the app. */
  readonly image?: pulumi.Input<string | undefined>;
  /** Environment variables of this type, beside those of the app. Values may be secret. */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** The words before the command, in place of the image's ENTRYPOINT; `[]` for none. Default: the image's own. */
  readonly entrypoint?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** The user that processes run as, by name or number, with a group after a colon. Default: the image's. */
  readonly user?: pulumi.Input<string | undefined>;
  /** The folder that processes start in. Default: the image's own. */
  readonly workingDir?: pulumi.Input<string | undefined>;
  /** Labels of each container, such as those that a proxy reads. Those of a type are added to the app's. */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** The signal that asks a process to stop. Default: the image's STOPSIGNAL, else SIGTERM. */
  readonly stopSignal?: pulumi.Input<string | undefined>;
  /**
   * Runs an init of the engine, which passes signals on and reaps orphans. Default: true, unless the image brings
   * one of its own.
   */
  readonly init?: pulumi.Input<boolean | undefined>;
  /** Keeps processes from gaining privileges, as by sudo. Default true. */
  readonly noNewPrivileges?: pulumi.Input<boolean | undefined>;
  /** Makes the container's own file system read only. Default false. */
  readonly readOnly?: pulumi.Input<boolean | undefined>;
  /** Folders that are kept in memory, and that are gone with the container. */
  readonly tmpfs?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /**
   * Volumes, paths of the host and folders in memory. Those of a type are added to the app's, and stand in the
   * place of one at the same path.
   */
  readonly mounts?: pulumi.Input<pulumi.Input<MountArgs>[] | undefined>;
  /** Linux capabilities. Default: the engine's own. */
  readonly capabilities?: pulumi.Input<CapabilitiesArgs | undefined>;
  /** Limits of each process as `ulimit` sets them: one number, or `soft` and `hard`; -1 for none. */
  readonly ulimits?: pulumi.Input<Record<string, pulumi.Input<UlimitArgs | number>> | undefined>;
  /** How many processes and threads a container may have. Default 4096. */
  readonly pidsLimit?: pulumi.Input<number | undefined>;
  /** The size of /dev/shm. Default: the engine's own, 64 MiB. */
  readonly shmSize?: pulumi.Input<string | number | undefined>;
  /** Kernel parameters of the container's own namespaces. */
  readonly sysctls?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Names that stand for addresses in /etc/hosts; `host-gateway` stands for the host, except on a Swarm. */
  readonly extraHosts?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Name servers. Default: the engine's own. */
  readonly dns?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Domains in which short names are looked up. */
  readonly dnsSearch?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Options of the resolver, as in resolv.conf. */
  readonly dnsOptions?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Devices of the host, as `host[:container][:permissions]`. Not on a Swarm. */
  readonly devices?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** GPUs of the host: `"all"`, how many, or their ids. Not on a Swarm. */
  readonly gpus?: pulumi.Input<"all" | number | pulumi.Input<string>[] | undefined>;
  /** Where logs go. Default: `json-file`, three files of 10 MB. */
  readonly logging?: pulumi.Input<LoggingArgs | undefined>;
  /** The platform of the image, where it has several. Default: the host's own. */
  readonly platform?: pulumi.Input<string | undefined>;
  /**
   * The Docker networks that processes join: names, or objects of `aliases` by name. There each is reachable as
   * `<type>` and `<app>-<type>`, too. Those of a type replace the app's.
   */
  readonly networks?: pulumi.Input<pulumi.Input<string>[] | Record<string, pulumi.Input<NetworkArgs>> | undefined>;
  /** CPU and memory limits of each process. Default: none. */
  readonly size?: pulumi.Input<SizeArgs | undefined>;
  /** What each process needs of its host; a formation that does not fit is refused. Default: nothing. */
  readonly reservation?: pulumi.Input<ReservationArgs | undefined>;
  /** Which hosts the type may run on. Default: all. */
  readonly placement?: pulumi.Input<PlacementArgs | undefined>;
  /** How long a process may take to stop after SIGTERM, before SIGKILL: seconds or `"2m"`. Default 30 s. */
  readonly stopTimeout?: pulumi.Input<string | number | undefined>;
  /**
   * Swarm only: whether `port` is published on every node, through the routing mesh, or on each process's own.
   * Default `ingress`.
   */
  readonly publishMode?: pulumi.Input<"ingress" | "host" | undefined>;
  /**
   * Whether the type must never run twice. `"failover"`, on a Swarm only: it may move to another node by itself,
   * and then run twice for as long as its node is cut off. Default: true for `clock`, `scheduler`, `cron` and
   * `beat`.
   */
  readonly singleton?: pulumi.Input<"failover" | boolean | undefined>;
  /** The smallest quantity allowed. Default 0. */
  readonly min?: pulumi.Input<number | undefined>;
  /** The largest quantity allowed. Default 100. */
  readonly max?: pulumi.Input<number | undefined>;
  /** Connections that each process holds, by backing service: its pool's size times its own workers. */
  readonly connections?: pulumi.Input<Record<string, pulumi.Input<number>> | undefined>;
  /** How long one job of this type may take. Only used for advice: long jobs want fan-out. */
  readonly jobTimeout?: pulumi.Input<string | number | undefined>;
  /** How new processes of this type are brought in; overrides the formation's `update`. */
  readonly update?: pulumi.Input<UpdateArgs | undefined>;
  /**
   * How to tell that a process is ready. Default: by the image's own HEALTHCHECK, if it has one and the type has a
   * `port`, and by having run for `update.monitor`.
   */
  readonly health?: pulumi.Input<HealthArgs | undefined>;
}

/** The shape of `processes.<type>.mounts[]` and `mounts[]`. */
export interface MountArgs {
  /** `volume`: a named volume of the engine; `bind`: a path of the host; `tmpfs`: a folder in memory. */
  readonly type: pulumi.Input<"volume" | "bind" | "tmpfs">;
  /** The volume's name, used as it is, or the path on the host, which must be there. */
  readonly source?: pulumi.Input<string | undefined>;
  /** The path in the container. */
  readonly target: pulumi.Input<string>;
  /** Lets processes only read it. Default false. */
  readonly readOnly?: pulumi.Input<boolean | undefined>;
  /** The driver that makes the volume. Default `local`. */
  readonly driver?: pulumi.Input<string | undefined>;
  /** Options of the driver, for a volume that is not there yet. */
  readonly driverOptions?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** The size of a folder in memory. Default: half of the host's memory. */
  readonly size?: pulumi.Input<string | number | undefined>;
  /** The permissions of a folder in memory, in octal. Default `"1777"`. */
  readonly mode?: pulumi.Input<string | undefined>;
}

/** The shape of `processes.<type>.capabilities` and `capabilities`. */
export interface CapabilitiesArgs {
  /** Capabilities to add to the engine's default ones. */
  readonly add?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Capabilities to take away; `ALL` for all but those that are added. */
  readonly drop?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/** The shape of `processes.<type>.ulimits.<name>` and `ulimits.<name>`. */
export interface UlimitArgs {
  /** The limit that applies. */
  readonly soft: pulumi.Input<number>;
  /** The highest it may be raised to. */
  readonly hard: pulumi.Input<number>;
}

/** The shape of `processes.<type>.logging` and `logging`. */
export interface LoggingArgs {
  /** The log driver. */
  readonly driver: pulumi.Input<string>;
  /** Options of the driver. */
  readonly options?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
}

/** The shape of `processes.<type>.networks.<name>` and `networks.<name>`. */
export interface NetworkArgs {
  /** Further names of the processes on this network. */
  readonly aliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/** The shape of `processes.<type>.size`. */
export interface SizeArgs {
  /** CPU limit of each process: `0.5`, `".5"` or `"500m"`. */
  readonly cpus?: pulumi.Input<string | number | undefined>;
  /**
   * Memory limit of each process: bytes, or `"256M"`, `"256MB"`, `"256Mi"`, `"1.5G"`. As in Docker, all are powers
   * of 1024, in capitals or small letters; `"256Mb"` is refused.
   */
  readonly memory?: pulumi.Input<string | number | undefined>;
}

/** The shape of `processes.<type>.reservation`. */
export interface ReservationArgs {
  /** CPUs that each process must find free on its host. */
  readonly cpus?: pulumi.Input<string | number | undefined>;
  /** Memory that each process must find free on its host, in the spellings of `size.memory`. */
  readonly memory?: pulumi.Input<string | number | undefined>;
}

/** The shape of `processes.<type>.placement`. */
export interface PlacementArgs {
  /** Labels that a host must have to run processes of this type. */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Swarm only: a label of nodes, over whose values processes are spread evenly before they are over nodes. */
  readonly spread?: pulumi.Input<string | undefined>;
}

/** The shape of `processes.<type>.update` and `update`. */
export interface UpdateArgs {
  /**
   * Whether a new process is started before its predecessor is stopped. Default `start-first`; a singleton, a
   * process whose successor needs the same host port, and one that writes to a volume of one host, is always
   * stopped first.
   */
  readonly order?: pulumi.Input<"start-first" | "stop-first" | undefined>;
  /** How many processes of a type are replaced at a time. Default: a quarter of them, rounded up. */
  readonly parallelism?: pulumi.Input<number | undefined>;
  /** How long to wait before the next process is replaced. Default 0. */
  readonly delay?: pulumi.Input<string | number | undefined>;
  /**
   * How long a new process must run without exiting before it counts as started. Default 5 s; no time of its own
   * where `health` says when it is ready.
   */
  readonly monitor?: pulumi.Input<string | number | undefined>;
  /**
   * What to do when a new process does not become ready: put the former release back, or stop there. Default
   * `rollback`.
   */
  readonly failureAction?: pulumi.Input<"rollback" | "pause" | undefined>;
}

/** The shape of `processes.<type>.health`. */
export interface HealthArgs {
  /** Asked over HTTP on the type's `port`; the process is ready when it answers. */
  readonly path?: pulumi.Input<string | undefined>;
  /** The status that the answer must have. Default: any from 200 to 399. */
  readonly status?: pulumi.Input<number | undefined>;
  /**
   * Headers that `path` is asked with, such as `{ Host: "shop.example.com" }` for an app that answers its own names
   * only. Values may be secret.
   */
  readonly headers?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /**
   * Docker's own health check, run in the container: `["CMD", …]`, `["CMD-SHELL", "…"]`, or `["NONE"]` for none at
   * all.
   */
  readonly test?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /**
   * Whether the image's own HEALTHCHECK judges the type's processes. Default: true for a type with a `port`, as
   * such a check usually asks the web server.
   */
  readonly image?: pulumi.Input<boolean | undefined>;
  /** The time between two checks. Default 1 s for `path`, 5 s for `test`. */
  readonly interval?: pulumi.Input<string | number | undefined>;
  /** How long one check may take. Default 5 s. */
  readonly timeout?: pulumi.Input<string | number | undefined>;
  /** How many checks in a row may fail after `startPeriod`. Default 3. */
  readonly retries?: pulumi.Input<number | undefined>;
  /** How long a process may take to start, during which failed checks do not count. Default 30 s. */
  readonly startPeriod?: pulumi.Input<string | number | undefined>;
}

/** The shape of `releasePhase`. */
export interface ReleasePhaseArgs {
  /** Overrides the Procfile's `release` line: run once per release, before any process is touched. */
  readonly command?: pulumi.Input<string | pulumi.Input<string>[] | undefined>;
  /** How long the command may take; past it the release is stopped. Default 1 h. */
  readonly timeout?: pulumi.Input<string | number | undefined>;
}

/** The shape of `backingServices.<name>`. */
export interface BackingServiceArgs {
  /** How many connections it bears in all. */
  readonly maxConnections: pulumi.Input<number>;
  /** Connections kept for consoles, migrations and the like. Default 0. */
  readonly reserve?: pulumi.Input<number | undefined>;
  /** What to do with a formation that could need more. Default `refuse`. */
  readonly policy?: pulumi.Input<"refuse" | "warn" | undefined>;
}

/** The shape of `hosts[]`. */
export interface HostArgs {
  /** The host's name in plans and outputs. Default: `local` for a socket, else the host in its address. */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * The Docker engine's address: `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`, which may
   * end in `:port` and the path of the engine's socket there.
   */
  readonly host: pulumi.Input<string>;
  /**
   * PEM text of the CA that signed the engine's certificate. Default: the CAs that Node.js knows. Always a secret.
   */
  readonly caMaterial?: pulumi.Input<string | undefined>;
  /** PEM text of the client's certificate, for an engine behind TLS. Always a secret. */
  readonly certMaterial?: pulumi.Input<string | undefined>;
  /** PEM text of the client's private key, without a passphrase. Always a secret. */
  readonly keyMaterial?: pulumi.Input<string | undefined>;
  /** A folder with `ca.pem`, `cert.pem` and `key.pem`, instead of the texts themselves. */
  readonly certPath?: pulumi.Input<string | undefined>;
  /**
   * Further options of ssh, each word an item: `["-i", "~/.ssh/deploy", "-J", "jump.example.com"]`. Your ssh
   * configuration and agent are used anyway. The host's key is always checked.
   */
  readonly sshOpts?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** What to tell hosts apart by when processes are placed, such as `{ disk: "ssd" }`. */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** The most processes of the app that are placed on this host. Default: no limit. */
  readonly maxProcesses?: pulumi.Input<number | undefined>;
  /**
   * The id of the engine that was at this address and is gone for good, with all that ran there: this one takes its
   * place.
   */
  readonly replaces?: pulumi.Input<string | undefined>;
  /**
   * How long an update waits for the host while it cannot be reached, before anything is begun. Default: `5m` for a
   * machine that no deployment has seen yet, none for one that was there before.
   */
  readonly wait?: pulumi.Input<string | number | undefined>;
  /** True when a person vouches for the host being off: singletons that ran there are started elsewhere. */
  readonly abandoned?: pulumi.Input<boolean | undefined>;
}
