import { check } from "../../../../../provider/lifecycle/check";
import type { HookContext } from "../../../../../provider/orchestrators/hook-context";
import { surroundings } from "../../../../support/surroundings";

// Two new formations of one program, neither of which can be observed yet, are checked against each other.

const host = (name: string) => ({ name, host: `unix:///${name}` });
const web = (bind: string) => ({ processes: { web: { command: "run", port: 80, bind } } });

function second(first: object, other: object): readonly string[] {
  const neighbours: HookContext["neighbours"] = new Map();
  const faultsOf = (name: string, more: object) => {
    const urn = `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/formation:Formation::${name}`;
    const context = surroundings({ name, urn, neighbours });
    return check({}, { image: "shop:1", procfile: "web: run", hosts: [host("a")], ...more }, context).faults;
  };
  expect(faultsOf("one", first)).toEqual([]);
  // A formation checked twice is no neighbour of itself.
  expect(faultsOf("one", first)).toEqual([]);
  return faultsOf("two", other);
}

test.each<[string, object, object, string[]]>([
  [
    "one app on one host",
    { app: "shop" },
    { app: "shop" },
    ["app shop is also the app of Formation one, on the same host: give one of them another app name"],
  ],
  ["one app on two hosts", { app: "shop" }, { app: "shop", hosts: [host("b")] }, []],
  ["two apps", {}, {}, []],
  [
    "one fixed port of one host",
    web("0.0.0.0:8080"),
    web("127.0.0.1:8080"),
    ["processes.web.bind fixes host port 8080, as Formation one does on the same host: give another port"],
  ],
  ["one fixed port of two addresses", web("127.0.0.2:8080"), web("127.0.0.1:8080"), []],
  [
    "one fixed port, and room for both",
    web("0.0.0.0:8080"),
    { ...web("0.0.0.0:8080"), hosts: [host("a"), host("b")] },
    [],
  ],
  ["one fixed port that nothing runs on", { ...web("0.0.0.0:8080"), scale: { web: 0 } }, web("0.0.0.0:8080"), []],
])("%s", (_, first, other, faults) => {
  expect(second(first, other)).toEqual(faults);
});
