import { localUser } from "../../../../provider/lifecycle/actor";

const unknown = (): never => {
  throw new Error("A system error occurred: uv_os_get_passwd returned ENOENT");
};

test.each([
  ["the machine's own name for the user", {}, () => ({ username: "adam" }), "adam"],
  ["what the environment says of one whom the machine does not know", { USER: "ci" }, unknown, "ci"],
  ["or the login's name", { USER: "", LOGNAME: "deploy" }, unknown, "deploy"],
  ["or a number", {}, unknown, String(process.getuid?.())],
])("%s", (_, env, info, expected) => {
  expect(localUser(env, info)).toBe(expected);
});
