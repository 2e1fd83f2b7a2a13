// An HAProxy configuration from a formation's output `backends`:
//   pulumi stack output backends --json | node haproxy-config.mjs --check /healthz > haproxy.cfg
// For an HAProxy on one of the hosts, before the processes of that host alone:
//   pulumi stack output backendsByHost --json | node haproxy-config.mjs --host a > haproxy.cfg
// Each process has two addresses, of which its successor takes the one that is free: HAProxy is told of both, and asks
// all of them all the time. So the same configuration holds before, during and after a release, and of a scale too where
// the type has a max; where it has none, make it anew after scaling up and reload HAProxy.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    type: { type: "string", default: "web" },
    listen: { type: "string", default: "127.0.0.1:8080" },
    check: { type: "string", default: "/" },
    host: { type: "string" },
  },
});
const { type, listen, check, host } = options;

/** @param {Record<string, any>} all @param {string} name */
function entry(all, name) {
  if (Object.hasOwn(all, name)) return all[name];
  console.error(`backends has no ${name}: it has ${Object.keys(all).join(", ") || "none"}`);
  process.exit(1);
}

const ofType = entry(JSON.parse(readFileSync(0, "utf8")), type);
/** @type {string[]} */
const addresses = host === undefined ? ofType : entry(ofType, host);
if (!Array.isArray(addresses)) {
  console.error(`these are backends by host: give --host, one of ${Object.keys(addresses).join(", ")}`);
  process.exit(1);
}

// A process that is stopped fails its check first and serves for a while longer, so one failed check must be enough
// to send it nothing more; one that is only slow has five seconds to answer. Connections to processes are not reused:
// one might be closed just when it is. What a process drops all the same is asked again, where that is safe.
console.log(`defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 5s

frontend ${type}
  bind ${listen}
  default_backend ${type}

backend ${type}
  balance roundrobin
  option http-server-close
  http-reuse never
  option httpchk GET ${check}
  http-check expect rstatus ^[23]
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response
  http-request disable-l7-retry unless METH_GET
  default-server check inter 500ms fall 1 rise 1
${addresses.map((address) => `  server ${address.replace(/[^\w.-]/g, "_")} ${address}`).join("\n")}`);
