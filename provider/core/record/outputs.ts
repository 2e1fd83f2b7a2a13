import * as z from "zod";

const counts = z.record(z.string(), z.int());

const budget = z.object({
  used: z.int().describe("The connections that the formation may need at the worst moment of a release."),
  limit: z.int().describe("The connections that there are, less the reserve."),
  detail: z.string().describe("How `used` comes about: `web 8×10 + release overlap 2×10, worker 6×5`."),
});

const instance = z.object({
  name: z.string().describe("`web.2`"),
  type: z.string().describe("The process type."),
  index: z.int().describe("The number of its slot, from 1."),
  host: z.string().describe("The host that it runs on."),
  container: z.string().describe("The id of its container."),
  state: z
    .string()
    .describe("The engine's word for its state when it was last looked at: `running`, `exited`, `restarting` …"),
  since: z.string().describe("When its container was made: ISO 8601, UTC."),
  release: z.string().describe("The short name of its image and configuration."),
  endpoint: z.string().optional().describe("`address:port` of its published port on the host."),
});

/** The outputs, besides the inputs. */
export const outputs = z.object({
  formation: counts.describe("The full desired formation: a quantity for every process type."),
  summary: z.string().describe("The formation in one line: `web=2, worker=1, clock=0`."),
  running: counts.describe("How many processes of each type were seen running after the last change."),
  instances: z.array(instance).describe("One record for each process."),
  endpoints: z.record(z.string(), z.array(z.string())).describe("`address:port` of each published process, by type."),
  backends: z
    .record(z.string(), z.array(z.string()))
    .describe(
      "Every `address:port` that a process may have, now or in the course of a release, by type: those of the slots 1 to `max` where that is given, else of the slots that there are. What a load balancer is given, with health checks.",
    ),
  backendsByHost: z
    .record(z.string(), z.record(z.string(), z.array(z.string())))
    .describe(
      "The same by type and host: `backendsByHost.web.a`. An address on a host's loopback leads there from that host alone.",
    ),
  budgets: z.record(z.string(), budget).describe("By backing service: its connections, needed and allowed."),
  release: z.string().describe("The short name of the app's image and configuration: it changes with every release."),
  log: z
    .array(z.string())
    .describe("The last 100 audit lines, oldest first, each with the full formation and who did it."),
});

export type Outputs = z.infer<typeof outputs>;
