import * as pulumi from "@pulumi/pulumi";
import type { Inputs } from "../../../provider/core/inputs/inputs";
import type { Outputs } from "../../../provider/core/record/outputs";
import type { Unknown } from "../../../provider/core/values/unknown";
import {
  Formation,
  type Budget,
  type FormationArgs,
  type FormationOutputs,
  type HealthArgs,
  type HostArgs,
  type Instance,
  type ProcessArgs,
  type ProcessTypeArgs,
  type RegistryArgs,
  type UpdateArgs,
} from "../../../sdk";
import { registered } from "../../support/registered";

// Programs that the generated types accept, or refuse. Most of this is proven by its compiling.

type Known<T> = T extends Unknown ? never : T extends object ? { [K in keyof T]: Known<T[K]> } : T;
/** With every property there, as an optional one may be missing from either side. */
type Whole<T> = T extends object ? { [K in keyof T]-?: Whole<T[K]> } : T;
type IsEqual<A, B> = [A, B, Whole<A>, Whole<B>] extends [B, A, Whole<B>, Whole<A>] ? true : false;

test("they are the shapes that the provider parses", () => {
  type Declared = pulumi.Unwrap<Omit<FormationArgs, "procfilePath" | "appJsonPath">>;
  type OfClass = { [K in keyof FormationOutputs]: pulumi.Unwrap<Formation[K]> };
  const areEqual: [
    IsEqual<Declared, Known<Inputs>>,
    IsEqual<FormationOutputs, Outputs>,
    IsEqual<OfClass, FormationOutputs>,
    IsEqual<[Instance[], Record<string, Budget>], [Outputs["instances"], Outputs["budgets"]]>,
  ] = [true, true, true, true];
  expect(areEqual).not.toContain(false);
});

test("they accept all that the types of version 0.1 did, by the names of then", () => {
  type Deep<T> = { [K in keyof T]: pulumi.Input<Known<T[K]>> };
  type Process = NonNullable<Inputs["processes"]>[string];
  type Health = NonNullable<Process["health"]>;
  type Headers = { headers?: pulumi.Input<Record<string, pulumi.Input<string>>> };
  type OldProcess = Known<Omit<Process, "health">> & { health?: Known<Omit<Health, "headers">> & Headers };
  type OldHost = Deep<NonNullable<Inputs["hosts"]>[number]>;
  type OldRegistry = Deep<NonNullable<Inputs["registryAuth"]>[number]>;
  type Old = Omit<Deep<Inputs>, "app" | "env" | "hosts" | "processes" | "registryAuth" | "scale"> & {
    app?: string;
    processes?: pulumi.Input<Record<string, OldProcess>>;
    env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    hosts?: pulumi.Input<pulumi.Input<OldHost>[]>;
    registryAuth?: pulumi.Input<pulumi.Input<OldRegistry>[]>;
    scale?: pulumi.Input<Record<string, pulumi.Input<number>>>;
    procfilePath?: string;
    appJsonPath?: string;
  };
  const accepted = (old: Old, process: OldProcess, host: OldHost, registry: OldRegistry) =>
    ({ old, process, host, registry }) satisfies {
      old: FormationArgs;
      process: ProcessArgs;
      host: HostArgs;
      registry: RegistryArgs;
    };
  expect(accepted).toBeDefined();
});

test("what is an output somewhere inside arrives, and a secret is known to be one", async () => {
  const token = pulumi.secret("t0ken");
  const update: UpdateArgs = { parallelism: pulumi.output(2), delay: undefined };
  const health: HealthArgs = { path: Promise.resolve("/up"), headers: { Authorization: token } };
  const web: ProcessTypeArgs = { command: pulumi.interpolate`serve --host ${"a"}`, port: 80, update, health };
  const args: FormationArgs = {
    app: pulumi.output("shop"),
    image: "shop:1",
    processes: { web, worker: pulumi.output({ command: ["work", "--all"] }) },
    registryAuth: [{ address: "registry.example.com", username: "adam", password: token }],
    restartedAt: { web: pulumi.output("today") },
    releasePhase: { command: ["migrate", pulumi.output("--now")] },
    backingServices: { db: { maxConnections: pulumi.output(100) } },
    hosts: [{ host: "ssh://a", labels: { disk: pulumi.output("ssd") } }, pulumi.output({ host: "ssh://b" })],
    silence: [pulumi.output("cpus" as const)],
    network: pulumi.output<string | undefined>(undefined),
  };
  const [inputs = {}] = (await registered(() => new Formation("shop", args))).values();
  expect(inputs).toMatchObject({
    app: "shop",
    processes: {
      value: {
        web: {
          command: "serve --host a",
          update: { parallelism: 2 },
          health: { path: "/up", headers: { Authorization: "t0ken" } },
        },
        worker: { command: ["work", "--all"] },
      },
    },
    restartedAt: { web: "today" },
    releasePhase: { command: ["migrate", "--now"] },
    backingServices: { db: { maxConnections: 100 } },
    hosts: [{ host: "ssh://a", labels: { disk: "ssd" } }, { host: "ssh://b" }],
    silence: ["cpus"],
  });
  expect(inputs["__secrets"]).toContainEqual(["processes", "web", "health", "headers", "Authorization"]);
  expect(inputs).not.toHaveProperty("network");
});

test("what the provider would refuse does not compile", () => {
  const wrong: FormationArgs[] = [
    // @ts-expect-error the image is missing
    {},
    // @ts-expect-error no such policy
    { image: "shop:1", pull: "sometimes" },
    // @ts-expect-error no such input
    { image: "shop:1", sclae: { web: 1 } },
    // @ts-expect-error no such setting of a type
    { image: "shop:1", processes: { web: { prot: 80 } } },
    // @ts-expect-error a port is a number
    { image: "shop:1", processes: { web: { port: "80" } } },
    // @ts-expect-error an output of the wrong type, deep inside
    { image: "shop:1", processes: { web: { update: { parallelism: pulumi.output("2") } } } },
    // @ts-expect-error a registry needs a password
    { image: "shop:1", registryAuth: [{ address: "registry.example.com", username: "adam" }] },
    // @ts-expect-error the file is read when the program runs
    { image: "shop:1", procfilePath: pulumi.output("./Procfile") },
  ];
  expect(wrong).toHaveLength(8);
});
