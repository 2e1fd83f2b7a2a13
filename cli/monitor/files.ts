import { stringify } from "yaml";
import type { Outputs } from "../../provider/core/record/outputs";
import { grafanaDashboard } from "./grafana";
import { rulesOf, type RuleOptions } from "./rules";
import { exporterOf, targetsOf } from "./targets";

/** Data of an app that goes into the files. */
export interface Monitored {
  readonly app: string;
  /** Pulumi's project, which with the stack tells the metrics of several stacks of one app apart. */
  readonly project?: string;
  readonly stack?: string;
  readonly instances: Outputs["instances"];
  /** Names of hosts on other machines, whose loopback addresses cannot be reached from here. */
  readonly elsewhere?: readonly string[];
}

export interface MonitorOptions extends RuleOptions {
  /** Address at which Prometheus reaches `formation metrics --listen`. */
  readonly exporter: string;
}

/** Texts, by file name. */
export type Files = Readonly<Record<string, string>>;

/** Files of one app in one stack; apps can share a folder. An exporter serves all apps of its stack. */
export function appFiles(monitored: Monitored, options: MonitorOptions): Files {
  const { app, project, stack, instances, elsewhere } = monitored;
  const name = [app, ...(stack === undefined ? [] : [stack])].join("-");
  const served = stack === undefined ? name : [...(project === undefined ? [] : [project]), stack].join("-");
  return {
    [`targets/${name}.json`]: json(targetsOf(monitored, instances, elsewhere)),
    [`exporters/${served}.json`]: json(exporterOf(options.exporter)),
    [`rules/${name}.yml`]: yaml(rulesOf(monitored, options)),
  };
}

/** The dashboard's file, which is the same for every app and is replaced by each version of this package. */
export function boardFiles(): Files {
  return { "grafana/dashboards/formation.json": json(grafanaDashboard()) };
}

/** Files shared by all apps, for people to edit. */
export function sharedFiles(): Files {
  return {
    "prometheus.yml": yaml(PROMETHEUS),
    "grafana/provisioning/datasources/prometheus.yml": yaml(GRAFANA_SOURCE),
    "grafana/provisioning/dashboards/formation.yml": yaml(GRAFANA_BOARDS),
    "docker-compose.yml": yaml(COMPOSE),
    "README.md": README,
  };
}

const PROMETHEUS = {
  global: { scrape_interval: "15s", evaluation_interval: "15s" },
  rule_files: ["rules/*.yml"],
  scrape_configs: [
    { job_name: "formation", file_sd_configs: [{ files: ["exporters/*.json"] }] },
    // The app's own metrics, where its processes serve /metrics.
    { job_name: "processes", file_sd_configs: [{ files: ["targets/*.json"] }] },
  ],
};

const GRAFANA_SOURCE = {
  apiVersion: 1,
  datasources: [{ name: "Prometheus", type: "prometheus", url: "http://127.0.0.1:9090", isDefault: true }],
};

const GRAFANA_BOARDS = {
  apiVersion: 1,
  providers: [{ name: "formation", type: "file", options: { path: "/etc/grafana/dashboards" } }],
};

// Host networking, because the exporter and the processes are published on loopback.
const COMPOSE = {
  services: {
    prometheus: {
      image: "prom/prometheus",
      network_mode: "host",
      restart: "unless-stopped",
      command: ["--config.file=/etc/prometheus/prometheus.yml", "--web.listen-address=127.0.0.1:9090"],
      volumes: [
        "./prometheus.yml:/etc/prometheus/prometheus.yml:ro",
        "./rules:/etc/prometheus/rules:ro",
        "./targets:/etc/prometheus/targets:ro",
        "./exporters:/etc/prometheus/exporters:ro",
        "prometheus:/prometheus",
      ],
    },
    grafana: {
      image: "grafana/grafana",
      network_mode: "host",
      restart: "unless-stopped",
      environment: { GF_SERVER_HTTP_ADDR: "127.0.0.1" },
      volumes: [
        "./grafana/provisioning:/etc/grafana/provisioning:ro",
        "./grafana/dashboards:/etc/grafana/dashboards:ro",
        "grafana:/var/lib/grafana",
      ],
    },
  },
  volumes: { prometheus: {}, grafana: {} },
};

const README = `# Monitoring

Written by \`formation monitor write\`. Write it again after every \`pulumi up\`: Prometheus notices by itself which
processes there are. Each app's own files and the dashboard are replaced then; all others are written once, and yours to edit.
What an app that is gone has left is removed by the next \`formation monitor write\` for its stack.

\`\`\`sh
formation metrics --listen 9394    # in the Pulumi project's folder: measures what runs; see exporters/
docker compose up -d               # Prometheus on 127.0.0.1:9090, Grafana on 127.0.0.1:3000
\`\`\`

| of each app | for |
| --- | --- |
| \`targets/\` | the published processes, with type, process, release and host as labels |
| \`exporters/\` | where \`formation metrics\` listens |
| \`rules/\` | alerts: below desired, not ready, out of memory, a singleton twice or absent, a crash loop, a budget near its limit, a host that cannot be reached |
| \`grafana/dashboards/\` | a dashboard for all: project, stack and app are chosen on it |

The compose file runs both on the host's own network, which only Linux has. Grafana's first sign-in is admin, admin; it
asks for another password then.

Alerts are shown by Prometheus. To be told of them, name an Alertmanager in \`prometheus.yml\`. After other rules:
\`docker compose kill -s HUP prometheus\`.
`;

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
