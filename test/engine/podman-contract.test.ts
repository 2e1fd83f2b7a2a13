import { connect } from "../../provider/hosts/connect";
import { hostContract } from "../contract/host-contract";
import { dockerSubject } from "../support/docker-subject";
import { startPodman, type Podman } from "../support/podman";

let podman: Podman;
let timer: NodeJS.Timeout;
beforeAll(async () => {
  podman = await startPodman();
  // Nothing goes wrong when one has gone meanwhile.
  timer = setInterval(() => void podman.checkHealth().catch(() => undefined), 500);
});
afterAll(async () => {
  clearInterval(timer);
  await podman.stop();
});

hostContract("podman", async () => {
  const [host] = connect([{ host: podman.host }], undefined, {});
  return dockerSubject(host!, podman.docker, podman.image);
});
