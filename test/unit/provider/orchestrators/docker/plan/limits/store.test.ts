import { Store } from "../../../../../../../provider/orchestrators/docker/plan/limits/store";

// Who waits for whom, where there is only so much of something.

function drawn(store: Store<string>, by: string, amount: number, needs: readonly string[] = []): string[] {
  const all = new Set(needs);
  store.draw(by, amount, all);
  return [...all];
}

test("what is free is taken without waiting", () => {
  const store = new Store<string>(3);
  expect(drawn(store, "b", 2)).toEqual([]);
  expect([store.free, store.has(1), store.has(2)]).toEqual([1, true, false]);
});

test("what others leave is waited for, oldest first, and no more of them than are needed", () => {
  const store = new Store<string>(1);
  store.put("a", 1);
  store.put("b", 1);
  store.put("c", 1);
  expect(drawn(store, "d", 3)).toEqual(["a", "b"]);
  expect(drawn(store, "e", 1)).toEqual(["c"]);
  expect(store.has(1)).toBe(false);
});

test("a change takes first from those that it waits for anyway", () => {
  const store = new Store<string>(1);
  store.put("a", 1);
  store.put("b", 1);
  expect(drawn(store, "d", 1, ["b"])).toEqual(["b"]);
  expect(store.free).toBe(1);
});

test("an overdraft is paid off before anything is taken, and every taker waits for those who pay", () => {
  const store = new Store<string>(-1);
  expect(store.has(0)).toBe(false);
  store.put("a", 2);
  expect([store.free, store.has(1), store.has(2)]).toEqual([0, true, false]);
  expect(drawn(store, "b", 1)).toEqual(["a"]);
  // Whoever waits for a taker waits for those, too.
  store.put("b", 1);
  expect(drawn(store, "c", 1)).toEqual(["b"]);
});
