// The rules as plain values, so that a test can hold them against a formation.
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { guarded } from "pulumi-formation/guards";

export const singletonsRunOnce: ResourceValidationPolicy = {
  name: "singletons-run-once",
  description: "Processes that do what must be done once never run twice.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      types: {
        type: "array",
        items: { type: "string" },
        default: ["clock", "scheduler", "cron", "beat"],
        description: "Names of types that are singletons everywhere.",
      },
    },
  },
  validateResource: (resource, report) => {
    const found = guarded(resource);
    if (found === undefined) return;
    const { types } = resource.getConfig<{ types: string[] }>();
    for (const type of types.filter((name) => name in found.formation)) {
      const quantity = found.formation[type] ?? 0;
      if (quantity > 1) report(`${found.app}: ${type}=${quantity}, and at most 1 may run: scale it to 1`);
      else if (!found.singletons.includes(type))
        report(`${found.app}: ${type} may never run twice: remove processes.${type}.singleton: false`);
    }
  },
};

export const backingServices: StackValidationPolicy = {
  name: "backing-services-bear-all",
  description: "All formations of a stack together need no more connections of a backing service than there are.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      limits: {
        type: "object",
        additionalProperties: { type: "integer", minimum: 0 },
        default: {},
        description: "Connections by backing service. Where none are given, the fewest that a formation says.",
      },
    },
  },
  validateStack: (stack, report) => {
    const { limits } = stack.getConfig<{ limits: Record<string, number> }>();
    const found = stack.resources.flatMap((resource) => guarded(resource) ?? []);
    // Pulumi has them in the order in which they happened to be registered.
    const formations = found.sort((one, other) => (one.app < other.app ? -1 : 1));
    const services = new Set(formations.flatMap(({ budgets }) => Object.keys(budgets)));
    for (const service of [...services].sort()) {
      const shares = formations.flatMap(({ app, budgets }) => {
        const budget = budgets[service];
        return budget === undefined ? [] : [{ app, ...budget }];
      });
      const used = shares.reduce((sum, share) => sum + share.used, 0);
      const limit = limits[service] ?? Math.min(...shares.map((share) => share.limit));
      if (used <= limit) continue;
      const detail = shares.map((share) => `${share.app} ${share.used}: ${share.detail}`).join("; ");
      report(`${service}: ${used} of ${limit} connections (${detail}): scale down, or lower a pool`);
    }
  },
};
