import { SharedConnections } from "../../../../provider/pulumi/connections";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("all who use a thing at a time share it, and it ends a moment after the last of them", () => {
  const ended: string[] = [];
  const kept = new SharedConnections<string>((one) => ended.push(one));
  let made = 0;
  const make = () => `connection ${++made}`;

  const [first, second] = [kept.use(), kept.use()];
  expect([first.take("a", make), first.take("a", make), second.take("a", make)]).toEqual(Array(3).fill("connection 1"));
  expect(first.take("b", make)).toBe("connection 2");
  first.leave();
  jest.runAllTimers();
  expect(ended).toEqual(["connection 2"]);

  second.leave();
  jest.advanceTimersByTime(1_000);
  const third = kept.use();
  expect(third.take("a", make)).toBe("connection 1");
  jest.advanceTimersByTime(10_000);
  expect(ended).toEqual(["connection 2"]);
  third.leave();
  jest.runAllTimers();
  expect(ended).toEqual(["connection 2", "connection 1"]);
  expect(kept.use().take("a", make)).toBe("connection 3");
});
