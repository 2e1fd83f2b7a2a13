import type { Claim } from "../../provider/core/model/claim";
import { identityOf } from "../../provider/core/values/identity";
import { labelsOf } from "../../provider/core/model/labels";
import { asking, OWN, OWN_ENV } from "../support/asking";
import { COMMANDS } from "./subject";
import { OWNER, type Workbench } from "./workbench";

/** Tests what is observed of a host, and how images get there. */
export function observeContract(bench: Workbench): void {
  describe("observe", () => {
    test("tells all of what is ours", async () => {
      const port = await bench.subject.freePort();
      const publish = { port: 8080, address: "127.0.0.1", hostPorts: [port] };
      const more = { singleton: true, settings: { stopTimeout: 7 }, configuration: "command=1,port=2", publish };
      const { name, id, index } = await bench.running(COMMANDS.runs, more);
      const seen = await bench.host.observe(asking(bench.app, { images: [bench.subject.image] }));
      expect(seen).toMatchObject({ name: bench.host.name, address: bench.host.address });
      expect(seen.capacity?.cpus).toBeGreaterThan(0);
      expect(seen.capacity?.memory).toBeGreaterThan(0);
      const { settings, ...own } = seen.instances.find((one) => one.container === id)!;
      // Settings are not asked of Podman.
      expect([undefined, { isConnected: true, isRestarted: true, pids: 4096 }]).toContainEqual(settings);
      expect(own).toEqual({
        host: bench.host.name,
        container: id,
        name,
        app: bench.app,
        owner: OWNER,
        identity: OWN.identity,
        type: "web",
        index,
        singleton: true,
        image: bench.subject.image,
        imageId: seen.images?.[bench.subject.image]?.id,
        configuration: "command=1,port=2",
        stopTimeout: 7,
        state: "running",
        createdAt: expect.any(Number) as number,
        published: { address: "127.0.0.1", port },
      });
      expect(await bench.host.variable(name, "A")).toBe("b=c");
      expect(await bench.host.variable(name, "MISSING")).toBeUndefined();
    });

    bench.testOf("an id that lasts", "tells the engine's id", async () => {
      const ids = await Promise.all([1, 2].map(async () => (await bench.host.observe(asking(bench.app))).engine));
      expect(ids).toEqual([expect.stringMatching(/./), ids[0]]);
    });

    test("has the engine's words for what does not run", async () => {
      const [stopped, paused, created] = [await bench.running(), await bench.running(), bench.wanted()];
      await bench.host.stop(stopped.name, 5);
      await bench.engine.pause(paused.name);
      await bench.foreign(created.name, { Labels: labelsOf(created), Env: [...OWN_ENV] });
      const states = new Map((await bench.observed()).map((one) => [one.name, one.state]));
      expect([stopped, paused, created].map(({ name }) => states.get(name))).toEqual(["exited", "paused", "created"]);
    });

    test("tells strangers by name and by port, and never another app's containers", async () => {
      const port = await bench.subject.freePort();
      const namesake = await bench.foreign();
      const holder = await bench.foreign(`x-${bench.app}`, {
        ExposedPorts: { "80/tcp": {} },
        HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] } },
      });
      try {
        await bench.engine.start(holder.name);
        const other = await bench.running(COMMANDS.runs, {
          app: `${bench.app}-2`,
          name: `${bench.app}-2.web.1`,
          identity: identityOf("theirs"),
          env: { FORMATION_HASH_KEY: "theirs" },
        });
        const seen = await bench.host.observe(asking(bench.app, { fixedPorts: [port] }));
        expect(seen.strangers).toContainEqual({ name: namesake.name, ports: [] });
        expect(seen.strangers).toContainEqual({ name: holder.name, ports: [{ address: "127.0.0.1", port }] });
        const names = [...seen.strangers, ...seen.instances].map((one) => one.name);
        expect(names).not.toContain(other.name);
      } finally {
        await bench.engine.removeByForce(holder.name);
      }
    });

    test("takes for ours what proves it, whatever its labels say besides", async () => {
      const [known, copy, other, odd] = [bench.wanted(), bench.wanted(), bench.wanted(), bench.wanted()];
      const { id } = await bench.foreign(known.name, { Labels: labelsOf(known) });
      await bench.foreign(copy.name, { Labels: labelsOf(copy) });
      const theirs = { ...labelsOf(other), "formation.identity": identityOf("theirs") };
      await bench.foreign(other.name, { Labels: theirs, Env: ["FORMATION_HASH_KEY=theirs"] });
      await bench.foreign(odd.name, { Labels: { ...labelsOf(odd), "formation.index": "one" }, Env: [...OWN_ENV] });
      const seen = await bench.host.observe(asking(bench.app, { known: new Set([id]) }));
      const names = seen.instances.map((one) => one.name);
      expect(names).toContain(known.name);
      expect(names).not.toContain(copy.name);
      expect(seen.copies).toEqual(expect.arrayContaining([copy.name, odd.name]));
      expect(seen.others).toEqual([
        { container: expect.any(String) as string, app: bench.app, identity: identityOf("theirs"), owner: OWNER },
      ]);
      for (const one of [copy, other, odd]) await bench.engine.removeByForce(one.name);
    });

    test("of two claims of one generation the first is there", async () => {
      const claim: Claim = {
        app: bench.app,
        generation: 1,
        identity: OWN.identity,
        owner: OWNER,
        resource: "urn",
        run: "one",
        address: bench.host.address,
        begun: [{ host: "ssh://b", name: "b", sshOpts: ["-4"] }],
        first: true,
      };
      try {
        expect(await bench.host.claim(claim)).toEqual(claim);
        expect(await bench.host.claim({ ...claim, run: "other" })).toEqual(claim);
        expect((await bench.host.observe(asking(bench.app))).claims).toContainEqual(claim);
        const next: Claim = { ...claim, generation: 2, begun: [] };
        expect(await bench.host.claim(next)).toEqual(next);
        expect((await bench.host.claims()).filter((one) => one.app === bench.app)).toHaveLength(2);
      } finally {
        for (const generation of [1, 2, 2]) await bench.host.unclaim({ app: bench.app, generation });
      }
      expect((await bench.host.claims()).filter((one) => one.app === bench.app)).toEqual([]);
    });

    test("tells what an image means here, if it is here", async () => {
      const seen = await bench.host.observe(asking(bench.app, { images: [`${bench.app}:missing`] }));
      expect(seen.images).toEqual({ [`${bench.app}:missing`]: {} });
    });
  });

  describe("pull", () => {
    const how = { pull: "missing", registryAuth: [] } as const;

    test("of an image that is there is done already", async () => {
      await bench.host.pull(bench.subject.image, how, () => undefined);
      await bench.host.pull(bench.subject.image, { ...how, pull: "never" }, () => undefined);
    });

    test("fails when the image may not be pulled, or cannot be", async () => {
      // No registry listens on port 1.
      const missing = `127.0.0.1:1/${bench.app}:missing`;
      await expect(bench.host.pull(missing, { ...how, pull: "never" }, () => undefined)).rejects.toMatchObject({
        code: "ImageMissing",
      });
      await expect(bench.host.pull(missing, how, () => undefined)).rejects.toMatchObject({ code: "ImageMissing" });
    });
  });
}
