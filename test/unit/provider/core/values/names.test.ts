import {
  containerName,
  hostnameOf,
  isSingletonName,
  reservedNameOf,
  TYPE_NAME,
  TYPE_NAME_RULE,
} from "../../../../../provider/core/values/names";
import { serviceName } from "../../../../../provider/orchestrators/swarm/plan/service/desired";

test.each([
  ["web", true],
  ["worker_critical", true],
  ["Sidekiq", true],
  ["9", true],
  ["x".repeat(63), true],
  ["x".repeat(64), false],
  ["", false],
  ["_web", false],
  ["web_", false],
  ["web-", false],
  ["__proto__", false],
  ["web.1", false],
  ["web\n", false],
  ["wéb", false],
])(`%j against the rule, ${TYPE_NAME_RULE}: %s`, (type, isGood) => {
  expect(TYPE_NAME.test(type)).toBe(isGood);
});

test.each([
  ["web", "shop.web.1", "shop_web", "web.1"],
  ["worker-2", "shop.worker-2.1", "shop_worker-2", "worker-2.1"],
  ["worker_critical", "shop.worker_critical.1", "shop_worker_critical", "worker-critical.1"],
  ["Sidekiq", "shop.Sidekiq.1", "shop_Sidekiq", "sidekiq.1"],
])("%s is the container %s and the service %s; only the host name may differ: %s", (type, container, service, host) => {
  expect(containerName("shop", type, 1)).toBe(container);
  expect(serviceName("shop", type)).toBe(service);
  expect(hostnameOf(type, 1)).toBe(host);
});

test("reserved names and those of singletons count in whatever case", () => {
  expect(["release", "Release", "RUN", "runner"].map(reservedNameOf)).toEqual(["release", "release", "run", undefined]);
  expect(["clock", "Clock", "CRON", "clock_2"].map(isSingletonName)).toEqual([true, true, true, false]);
});
