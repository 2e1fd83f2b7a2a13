import { DockerHost } from "../../provider/hosts/docker";
import { hostContract } from "../contract/host-contract";
import { dockerRig } from "../support/docker-rig";
import { baseImage, docker } from "../support/engine";

hostContract("unix", async () => {
  const host = new DockerHost("local", "unix:///var/run/docker.sock", { socketPath: "/var/run/docker.sock" });
  return dockerRig(host, docker, baseImage());
});
