import { stringify } from "yaml";
import type { Contract } from "../contract";
import { grafanaDashboard } from "./grafana";
import { rulesOf } from "./rules";
import { targetsOf } from "./targets";

export interface MonitorOptions {
  readonly app: string;
  /** How long something may be wrong before it is told: `5m`. */
  readonly patience: string;
  /** Where `formation metrics --listen` is reached from Prometheus. */
  readonly exporter: string;
}

/** Everything that monitoring an app takes, by file name. */
export function monitorFiles(outputs: Contract, options: MonitorOptions): Readonly<Record<string, string>> {
  const { app, patience, exporter } = options;
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  return {
    [`targets/${app}.json`]: json(targetsOf(app, outputs.instances)),
    [`rules/${app}.yml`]: stringify(rulesOf(app, patience), { lineWidth: 0 }),
    "prometheus.yml": stringify(prometheus(exporter), { lineWidth: 0 }),
    [`grafana/dashboards/${app}.json`]: json(grafanaDashboard(app)),
    "grafana/provisioning/datasources/prometheus.yml": stringify(GRAFANA_SOURCE),
    "grafana/provisioning/dashboards/formation.yml": stringify(GRAFANA_BOARDS),
    "docker-compose.yml": stringify(COMPOSE),
    "README.md": readme(options),
  };
}

function prometheus(exporter: string) {
  return {
    global: { scrape_interval: "15s", evaluation_interval: "15s" },
    rule_files: ["rules/*.yml"],
    scrape_configs: [
      { job_name: "formation", static_configs: [{ targets: [exporter] }] },
      // The app's own metrics, where its processes serve /metrics.
      { job_name: "processes", file_sd_configs: [{ files: ["targets/*.json"] }] },
    ],
  };
}

const GRAFANA_SOURCE = {
  apiVersion: 1,
  datasources: [{ name: "Prometheus", type: "prometheus", url: "http://127.0.0.1:9090", isDefault: true }],
};

const GRAFANA_BOARDS = {
  apiVersion: 1,
  providers: [{ name: "formation", type: "file", options: { path: "/var/lib/grafana/dashboards" } }],
};

// On the host's own network: the exporter and the processes are published on loopback.
const COMPOSE = {
  services: {
    prometheus: {
      ...{ image: "prom/prometheus", network_mode: "host", restart: "unless-stopped" },
      command: ["--config.file=/etc/prometheus/prometheus.yml", "--web.listen-address=127.0.0.1:9090"],
      volumes: [
        "./prometheus.yml:/etc/prometheus/prometheus.yml:ro",
        "./rules:/etc/prometheus/rules:ro",
        "./targets:/etc/prometheus/targets:ro",
      ],
    },
    grafana: {
      ...{ image: "grafana/grafana", network_mode: "host", restart: "unless-stopped" },
      environment: { GF_SERVER_HTTP_ADDR: "127.0.0.1" },
      volumes: [
        "./grafana/provisioning:/etc/grafana/provisioning:ro",
        "./grafana/dashboards:/var/lib/grafana/dashboards:ro",
      ],
    },
  },
};

function readme({ app, exporter }: MonitorOptions): string {
  return `# Monitoring of ${app}

Written by \`formation monitor write\`; write it again after a \`pulumi up\` that changed the formation. Prometheus reads
\`targets/\` by itself when a file changes.

\`\`\`sh
formation metrics --listen ${exporter}    # in the Pulumi project's folder: measures what runs
docker compose up -d                        # Prometheus on 127.0.0.1:9090, Grafana on 127.0.0.1:3000
\`\`\`

| file | for |
| --- | --- |
| \`prometheus.yml\` | Prometheus: what to scrape, which rules to load |
| \`rules/${app}.yml\` | alerts: below desired, a singleton twice or absent, a crash loop, a budget near its limit, a host that cannot be reached |
| \`targets/${app}.json\` | the published processes, with type, process, release and host as labels |
| \`grafana/\` | a dashboard, and where Grafana finds it and Prometheus |

A type that is scaled to 0 is silent.
`;
}
