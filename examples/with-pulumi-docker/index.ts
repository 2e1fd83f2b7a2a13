// The app of ../procfile-app, its image built and its network made by @pulumi/docker in the same program:
//   pulumi up
import { readFileSync } from "node:fs";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Formation } from "pulumi-formation";

const source = "../procfile-app";
// Stacks can share one engine: each has an app, an image and a network of its own.
const name = `shop-${pulumi.getStack()}`;
/** Another base image than the Dockerfile's: `pulumi config set base node:24-alpine`. */
const base = new pulumi.Config().get("base");

const image = new docker.Image(name, {
  imageName: name,
  build: { context: source, args: base === undefined ? {} : { BASE: base } },
  skipPush: true,
});

const network = new docker.Network(name);

const app = new Formation(name, {
  // What was built, not what it is called: the name stays the same, and a preview could not tell that a release comes.
  image: image.repoDigest,
  // `procfilePath` reads files of the program's own folder only.
  procfile: readFileSync(`${source}/Procfile`, "utf8"),
  processes: { web: { port: 8080 } },
  scale: { web: 2, worker: 1 },
  network: network.name,
});

export const formation = app.formation;
export const running = app.running;
export const endpoints = app.endpoints;
