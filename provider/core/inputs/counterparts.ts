// Words of Compose, Docker, Kubernetes, Kamal, Heroku, Dokku and @pulumi/docker that are no inputs here, and what to
// write instead.

/**
 * Texts in order of preference: the first is given whose inputs all exist. `{.env}` is an input beside the word,
 * `{scale}` one of the formation, `{processes.*.port}` one of a type; `<type>` stands for the type's name.
 */
export type Advice = readonly string[];

/** Names, separated by spaces and in any spelling (`stop_timeout` is also `stopTimeout`), and what to say of them. */
export type Row = readonly [names: string, advice: Advice];

const beside = (key: string) => [`give {.${key}}`];

const AMOUNTS: readonly Row[] = [
  ["cpu cpu_limit nano_cpus cores vcpus cpu_quota cpu_shares cpu_count", beside("cpus")],
  ["mem ram mem_limit memory_limit memory_mb", beside("memory")],
  ["pids", ["give {processes.*.pidsLimit}"]],
  ["memory_swap swap disk devices", []],
];

/** Words inside of inputs that are objects. */
const PARTS = {
  size: [
    ["limits", ["leave it out: the values stand in {processes.*.size} itself"]],
    ["requests reservations reservation", ["give {processes.*.reservation}"]],
    ...AMOUNTS,
  ],
  reservation: [["limits", ["give {processes.*.size}"]], ...AMOUNTS],
  update: [
    ["batch_size max_in_flight limit max_parallel max_surge max_unavailable", beside("parallelism")],
    ["wait pause", beside("delay")],
    ["strategy start_first", beside("order")],
    ["rollback on_failure auto_rollback", beside("failureAction")],
    ["min_ready_seconds monitor_period", beside("monitor")],
    ["max_failure_ratio", []],
  ],
  health: [
    ["cmd command exec", beside("test")],
    ["http http_get url uri endpoint", beside("path")],
    ["initial_delay_seconds initial_delay grace_period start_delay delay", beside("startPeriod")],
    ["period period_seconds frequency every start_interval", beside("interval")],
    ["timeout_seconds", beside("timeout")],
    ["failure_threshold unhealthy_threshold attempts max_attempts", beside("retries")],
    ["status_code expected_status code", beside("status")],
    ["http_headers header", beside("headers")],
    ["host", ['give {.headers}: { Host: "shop.example.com" }']],
    ["port", ["leave it out: {.path} is asked on {processes.*.port}"]],
    ["disable disabled none", ['give {.test}: ["NONE"]']],
    ["success_threshold method scheme body", []],
  ],
  placement: [
    ["constraints node_selector nodes hosts host label", beside("labels")],
    ["preferences spread_by", beside("spread")],
    ["max_replicas_per_node", ["give {hosts.*.maxProcesses}"]],
  ],
  releasePhase: [
    ["cmd run script exec args", beside("command")],
    ["time_limit deadline", beside("timeout")],
  ],
  "hosts.*": [
    ["address url uri ip hostname endpoint docker_host server addr socket socket_path", beside("host")],
    ["user username port password ssh_user ssh_port", ["leave it out, and give {.host} as ssh://user@host:port"]],
    ["ssh ssh_options ssh_args", beside("sshOpts")],
    ["private_key identity_file ssh_key key_file", ['give {.sshOpts}: ["-i", "~/.ssh/deploy"]']],
    ["jump jump_host bastion proxy proxy_jump", ['give {.sshOpts}: ["-J", "jump.example.com"]']],
    ["ca ca_cert tls_ca_cert", beside("caMaterial")],
    ["cert client_cert tls_cert", beside("certMaterial")],
    ["client_key tls_key", beside("keyMaterial")],
    ["key", ['give {.keyMaterial} for TLS, or {.sshOpts}: ["-i", "~/.ssh/deploy"] for ssh']],
    ["cert_dir cert_folder tls_dir", beside("certPath")],
    ["tls tls_verify insecure", ["leave it out: the engine's certificate is always checked"]],
    ["tags roles", beside("labels")],
    ["max limit slots max_replicas", beside("maxProcesses")],
    ["context", ["leave it out: the current docker context is used when {hosts} is left out"]],
  ],
  "registryAuth.*": [
    ["server registry server_address url host hostname", beside("address")],
    ["user login name", beside("username")],
    ["pass passwd token secret", beside("password")],
    [
      "auth identity_token config_file config_file_content auth_disabled email",
      ["leave it out: logins of docker itself are used where {registryAuth} has none"],
    ],
  ],
  "backingServices.*": [
    ["max limit connections pool pool_size", beside("maxConnections")],
    ["reserved headroom", beside("reserve")],
    ["action mode", beside("policy")],
  ],
  "mounts.*": [
    ["src from volume host_path", beside("source")],
    ["dst dest destination path container_path mount_path to", beside("target")],
    ["ro mode", beside("readOnly")],
  ],
  logging: [
    ["type log_driver", beside("driver")],
    ["opts config log_opts", beside("options")],
  ],
} as const satisfies Readonly<Record<string, readonly Row[]>>;

/** A setting that the type itself, the whole formation or every type may have. */
const setting = (path: string): Advice => [
  `give {.${path}}`,
  `give {${path}}, for all types`,
  `give {processes.*.${path}}`,
];
const give = (path: string): Advice => [`give {${path}}`];

const QUANTITY = ["give {scale}: { <type>: 2 }"];
const BUILD = ["leave it out: build the image before, with docker build or @pulumi/docker, and give {image}"];
const ROUTER = ["leave it out: there is no router; the output endpoints tells yours where processes listen"];
const START_ORDER = [
  "leave it out: types do not wait for each other; give {releasePhase.command} for what must be done before any process starts",
];

/** Words for settings of processes, wherever people write them. */
const SETTINGS: readonly Row[] = [
  ["environment envs env_vars environment_variables variables vars config_vars config", setting("env")],
  [
    "env_file env_files env_from dotenv",
    ["give {.env}, and read the file in the program", "give {env}, for all types, and read the file in the program"],
  ],
  ["env", setting("env")],
  ["secret secrets", ["give {env}, whose values may be secret; {secretsAsFiles} makes files of them"]],
  ["replicas count quantity instances dynos num_replicas desired_count", QUANTITY],
  ["memory mem mem_limit memory_limit ram", give("processes.*.size.memory")],
  ["cpus cpu cpu_limit nano_cpus cpu_quota cpu_shares cpu_count cores vcpus", give("processes.*.size.cpus")],
  ["mem_reservation memory_reservation", give("processes.*.reservation.memory")],
  ["limits dyno_size instance_type", give("processes.*.size")],
  ["requests reservations", give("processes.*.reservation")],
  ["resources", ["give {processes.*.size} for limits, {processes.*.reservation} for what must be free on a host"]],
  [
    "deploy",
    [
      "give {scale} for replicas, {processes.*.size} for resources.limits, {processes.*.reservation} for resources.reservations, {processes.*.update} for update_config, {processes.*.placement} for placement",
    ],
  ],
  ["restart restart_policy auto_restart must_run", ["leave it out: a process that ends is started again, always"]],
  [
    "ports publish published port_bindings port_mappings",
    ["give {.ports}", "give {processes.*.port}, and {processes.*.bind} for a fixed port of the host"],
  ],
  ["port expose container_port target_port internal_port app_port", give("processes.*.port")],
  ["host_port external_port published_port listen", give("processes.*.bind")],
  ["healthcheck health_checks checks probe liveness_probe readiness_probe startup_probe", give("processes.*.health")],
  ["depends_on links external_links requires wait_for", START_ORDER],
  ["command cmd args start start_command run exec script", give("processes.*.command")],
  ["entrypoint", [...setting("entrypoint"), "leave it out: the image's own is used, before the command"]],
  [
    "stop_grace_period grace_period termination_grace_period_seconds kill_timeout drain_timeout shutdown_timeout destroy_grace_seconds",
    give("processes.*.stopTimeout"),
  ],
  ["container_name hostname domainname", ["leave it out: processes have names of their own, such as <type>.1"]],
  ["working_dir workdir working_directory cwd", [...setting("workingDir"), "leave it out: set WORKDIR in the image"]],
  ["user run_as_user uid group_add", [...setting("user"), "leave it out: set USER in the image"]],
  ["mounts mount volumes volume binds volume_mounts storage disks", setting("mounts")],
  ["networks networks_advanced network_aliases", [...setting("networks"), ...setting("network")]],
  ["network network_mode net", ["give {.networks}", "give {network}, for all types"]],
  ["labels label docker_labels container_labels annotations", setting("labels")],
  ["capabilities caps", setting("capabilities")],
  ["cap_add capabilities_add", setting("capabilities.add")],
  ["cap_drop capabilities_drop", setting("capabilities.drop")],
  [
    "security_opt security_opts security_context",
    ["give {.noNewPrivileges} for no-new-privileges", "give {noNewPrivileges} for no-new-privileges, for all types"],
  ],
  ["read_only readonly_rootfs read_only_root_filesystem", setting("readOnly")],
  ["tmpfs", setting("tmpfs")],
  ["ulimits ulimit rlimits", setting("ulimits")],
  ["pids_limit pids max_pids", setting("pidsLimit")],
  ["shm_size shm", setting("shmSize")],
  ["sysctls sysctl", setting("sysctls")],
  ["extra_hosts add_host host_aliases", setting("extraHosts")],
  ["dns dns_servers nameservers", setting("dns")],
  ["dns_search search_domains", setting("dnsSearch")],
  ["dns_opt dns_opts", setting("dnsOptions")],
  ["devices device device_mappings", setting("devices")],
  ["gpus gpu device_requests", setting("gpus")],
  ["logging log_config logs", setting("logging")],
  ["log_driver", setting("logging.driver")],
  ["log_opt log_opts log_options", setting("logging.options")],
  ["platform arch architecture", setting("platform")],
  ["init tini", setting("init")],
  ["stop_signal kill_signal", setting("stopSignal")],
  ["image_name docker_image", setting("image")],
  ["pull_policy image_pull_policy always_pull", give("pull")],
  ["build builder dockerfile buildpack buildpacks target", BUILD],
  ["registry registries credentials image_pull_secrets", give("registryAuth")],
  ["update_config update_policy rolling_update strategy deployment_strategy boot", setting("update")],
  ["rollback_config rollback", setting("update.failureAction")],
  ["constraints node_selector affinity tolerations", give("processes.*.placement.labels")],
  ["topology_spread_constraints", give("processes.*.placement.spread")],
  ["min_replicas min_instances min_quantity", give("processes.*.min")],
  ["max_replicas max_instances max_quantity", give("processes.*.max")],
  ["autoscaling autoscale", ["give {processes.*.min} and {processes.*.max}; quantities change by {scale} alone"]],
  ["release release_command migrate init_containers pre_deploy hooks postdeploy", give("releasePhase.command")],
  ["domain domains route routes proxy ssl ingress load_balancer vhost traefik", ROUTER],
  ["schedule crontab", ["leave it out: let a singleton such as clock start what is due"]],
  [
    "privileged pid ipc userns_mode cgroup cgroup_parent runtime isolation memswap_limit mem_swappiness memory_swap oom_kill_disable oom_score_adj cpuset mac_address tty stdin_open interactive attach detach rm remove profiles extends develop watch pre_stop post_start lifecycle configs storage_opt volumes_from credential_spec",
    [],
  ],
];

const FORMATION: readonly Row[] = [
  ["services types process_types containers", give("processes")],
  ["web worker clock", ["give it inside of {processes}"]],
  ["name app_name service project project_name application", give("app")],
  ["host servers nodes machines engines docker_host remotes", ['give {hosts}, such as [{ host: "ssh://user@host" }]']],
  ["docker_context", ["leave it out: the current docker context is used when {hosts} is left out"]],
  ["formation", give("scale")],
  ["procfile_path", ["give {procfile}, the text of the file"]],
  ["app_json_path", ["give {appJson}, the text of the file"]],
  ["accessories addons databases", ["give {backingServices} for what a service bears; it runs elsewhere"]],
  ["version include context", []],
];

const TYPE: readonly Row[] = [
  ["scale", QUANTITY],
  ["hosts host nodes servers", ["give {processes.*.placement.labels}, to choose among {hosts}"]],
  ["mode", ["give {scale} for replicated, {processes.*.placement} for where they run"]],
  ["image", setting("image")],
  ["name type process", ["leave it out: the type's name is <type>"]],
  ["global", []],
];

/** By the place of the input: the formation, a type, and parts of either. */
export const COUNTERPARTS = {
  formation: [...FORMATION, ...SETTINGS],
  type: [...TYPE, ...SETTINGS],
  ...PARTS,
} as const satisfies Readonly<Record<string, readonly Row[]>>;
