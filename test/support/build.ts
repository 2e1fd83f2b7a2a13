import type { ObservedHost, ObservedInstance } from "../../provider/core/model/observed";

/** An observed process such as `web.2` on host a, of an app called shop: running, and made in the order of its index. */
export function instanceOf(slot: string, more: Partial<ObservedInstance> = {}): ObservedInstance {
  const [type = "", index = ""] = slot.split(".");
  return {
    host: "a",
    type,
    index: Number(index),
    app: "shop",
    owner: "shop/dev",
    name: `shop.${slot}`,
    container: `id of ${slot}`,
    singleton: false,
    image: "shop:1",
    imageId: "id",
    configuration: "",
    stopTimeout: 30,
    createdAt: Number(index),
    state: "running",
    ...more,
  };
}

/** An observed host without processes, at an address of its own name. */
export function hostOf(name: string, more: Partial<ObservedHost> = {}): ObservedHost {
  return {
    name,
    address: name,
    engine: name,
    instances: [],
    strangers: [],
    images: { "shop:1": { id: "id" } },
    ...more,
  };
}
