// What `formation monitor write` makes, made by the program itself: after every `pulumi up` Prometheus knows which
// processes there are. See ../../docs/monitoring.md.
import * as pulumi from "@pulumi/pulumi";
import { Formation } from "pulumi-formation";
import { writeMonitoring } from "pulumi-formation/monitor";

const config = new pulumi.Config();
const name = `shop-${pulumi.getStack()}`;

const app = new Formation(name, {
  image: config.require("image"),
  procfile: "web: node web.js\nworker: node worker.js\nclock: node clock.js\n",
  processes: { web: { port: 8080, connections: { db: 10 } }, worker: { connections: { db: 5 } } },
  scale: { web: 2, worker: 1, clock: 1 },
  backingServices: { db: { maxConnections: 100, reserve: 10 } },
});

app.instances.apply((instances) => {
  // A preview changes nothing, no file either.
  if (pulumi.runtime.isDryRun()) return;
  const whose = { app: name, project: pulumi.getProject(), stack: pulumi.getStack() };
  writeMonitoring("monitoring", { ...whose, instances }, { patience: "5m", exporter: "127.0.0.1:9394" });
});

export const formation = app.formation;
export const endpoints = app.endpoints;
export const budgets = app.budgets;
