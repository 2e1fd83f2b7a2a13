import { splitFiles } from "../../../../../provider/core/model/secret-files";
import { UNKNOWN } from "../../../../../provider/core/values/unknown";

test("a variable that is given as a file leaves the environment, and its path comes in", () => {
  const { env, files } = splitFiles({ A: "b", TOKEN: "hunter2" }, ["TOKEN", "OTHER"], "key");
  expect(env).toEqual({ A: "b", TOKEN_FILE: "/run/secrets/TOKEN" });
  expect(files?.values).toEqual({ TOKEN: "hunter2" });
});

test("other values, or another formation's key, are another folder", () => {
  const folder = (value: string, key: string) => splitFiles({ TOKEN: value }, ["TOKEN"], key).files?.folder;
  expect(folder("a", "key")).toBe(folder("a", "key"));
  expect(new Set([folder("a", "key"), folder("b", "key"), folder("a", "other")]).size).toBe(3);
});

test("without such variables nothing changes, and unknown values are no fault", () => {
  const env = { A: "b" };
  expect(splitFiles(env, ["TOKEN"], "key")).toEqual({ env, files: undefined });
  expect(splitFiles({ TOKEN: UNKNOWN }, ["TOKEN"], "key").files?.values).toEqual({ TOKEN: UNKNOWN });
});
