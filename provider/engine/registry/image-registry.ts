/** Docker Hub, as images name it. */
const DOCKER_HUB = "docker.io";
/** Docker Hub, as `docker login` stores it, and as engines know it. */
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/** Registry of an image reference: its first part when that has the form of an address, else Docker Hub. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  // Names of images have no capitals, so that a first part with one is an address.
  const isAddress = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  return rest.length > 0 && isAddress ? ofHub(first) : DOCKER_HUB;
}

/** Key under which credentials for a registry are stored, and address at which engines send them there alone. */
export function keyOf(registry: string): string {
  return registry === DOCKER_HUB ? DOCKER_HUB_KEY : registry;
}

/** Host of an address, which may be an URL or lead to a part of a registry: the credentials are the host's. */
export function hostOf(address: string): string {
  return address.replace(/^https?:\/\//i, "").replace(/\/.*$/, "");
}

/** True when an address, however people write it, is a registry's. */
export function isOf(registry: string, address: string): boolean {
  return ofHub(hostOf(address)).toLowerCase() === registry.toLowerCase();
}

function ofHub(host: string): string {
  return ["index.docker.io", "registry-1.docker.io"].includes(host.toLowerCase()) ? DOCKER_HUB : host;
}
