import type Docker from "dockerode";

/** Looks names up, each once; their engine itself answers for those on its networks. */
export const LOOK_UP = `
const { Resolver } = require("dns").promises;
const resolver = new Resolver({ timeout: 2000, tries: 1 });
Promise.all(process.argv.slice(1).map((name) => resolver.resolve4(name).then(() => name, () => ""))).then((found) =>
  console.log(found.join(" ")),
);`;

/** The names of those given that a container in a network finds there, as another app's process would. */
export async function foundIn(
  docker: Docker,
  image: string,
  network: string,
  names: readonly string[],
): Promise<string[]> {
  const asker = await docker.createContainer({
    Image: image,
    Cmd: ["node", "-e", LOOK_UP, ...names],
    Tty: true,
    HostConfig: { NetworkMode: network },
  });
  try {
    await asker.start();
    await asker.wait();
    const said = (await asker.logs({ stdout: true })).toString();
    return said.split(/\s+/).filter((word) => word !== "");
  } finally {
    await asker.remove({ force: true });
  }
}
