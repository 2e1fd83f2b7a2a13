import type { DesiredInstance } from "../../provider/core/model/desired";
import { OWN } from "./asking";

/** Wanted one-off process of app shop: the command that a release runs first. */
export const migration: DesiredInstance = {
  app: "shop",
  identity: OWN.identity,
  owner: "shop/dev",
  type: "release",
  index: 1,
  singleton: true,
  name: "shop.release.1",
  hostname: "release.1",
  image: "shop:1",
  arguments: ["migrate"],
  restart: false,
  env: OWN.env,
  networks: [],
  settings: { stopTimeout: 1 },
  configuration: "c1",
};
