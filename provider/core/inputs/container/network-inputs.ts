import * as z from "zod";
import { expecting, maybe, text } from "../shape";

// The shape of networks, the same for the whole app and for one process type.

const NETWORKS_RULE =
  'a list of names such as ["backend"], or an object such as { backend: {}, frontend: { aliases: ["shop"] } }';

const name = text("a Docker network's name");
const alias = text("a name of hosts such as shop", (value) => /^[A-Za-z0-9_]([\w.-]*[A-Za-z0-9_])?$/.test(value));

const joined = z.strictObject({
  aliases: z.array(maybe(alias)).optional().describe("Further names of the processes on this network."),
});

/** Networks, in the words of Compose. */
export const networkInputs = {
  networks: maybe(z.union([z.array(maybe(name)), z.record(name, joined)], { error: expecting(NETWORKS_RULE) }))
    .optional()
    .describe(
      "The Docker networks that processes join: names, or objects of `aliases` by name. There each is reachable as `<type>` and `<app>-<type>`, too. Those of a type replace the app's.",
    ),
};

export type NetworkInputs = z.infer<z.ZodObject<typeof networkInputs>>;
