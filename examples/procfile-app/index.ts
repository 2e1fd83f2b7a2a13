import * as pulumi from "@pulumi/pulumi";
import { Formation } from "pulumi-formation";

const config = new pulumi.Config();

const app = new Formation("procfile-app", {
  image: config.get("image") ?? "procfile-app:1",
  procfilePath: "./Procfile",
  processes: { web: { port: 8080 } },
  scale: { web: 2, worker: 1 },
});

export const formation = app.formation;
export const running = app.running;
export const endpoints = app.endpoints;
