import * as fc from "fast-check";
import { editDistance, folded, nearest } from "../../../../../provider/core/values/nearest";

test.each([
  ["scale", "scale", 0],
  ["scale", "sclae", 1],
  ["scale", "scal", 1],
  ["scale", "scales", 1],
  ["scale", "skale", 1],
  ["scale", "csalee", 2],
  ["", "abc", 3],
  ["kitten", "sitting", 3],
  ["ca", "abc", 3],
])("%j and %j are %i changes apart", (one, other, changes) => {
  expect(editDistance(one, other)).toBe(changes);
  expect(editDistance(other, one)).toBe(changes);
});

test("a distance is none for a word and itself, and no more than its letters", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (one, other) => {
      const distance = editDistance(one, other);
      expect(distance === 0).toBe(one === other);
      expect(distance).toBe(editDistance(other, one));
      expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(one.length - other.length));
    }),
  );
});

test("tools spell a name in their own ways", () => {
  expect(["stop_timeout", "stop-timeout", "stopTimeout", "StopTimeout"].map(folded)).toEqual(
    Array(4).fill("stoptimeout"),
  );
});

test("the nearest name is found, of equals the first, and none that is too far or too long", () => {
  const names = ["env", "scale", "scaled", "network"];
  const most = () => 2;
  expect(nearest("sclae", names, most)).toBe("scale");
  expect(nearest("scale_d", names, most)).toBe("scaled");
  expect(nearest("scalex", names, most)).toBe("scale");
  expect(nearest("colour", names, most)).toBeUndefined();
  expect(nearest("sclae", names, () => 0)).toBeUndefined();
  expect(nearest("x".repeat(1e6), [...names, "x".repeat(1e6)], () => 1e6)).toBeUndefined();
});
