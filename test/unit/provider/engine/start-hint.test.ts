import { startHint } from "../../../../provider/engine/start-hint";

const INIT = "this engine has no init that it may run: set init: false";
const SHELL = "the image has no /bin/sh: give processes.web.command as a list of words";

test.each<[string, string, string | undefined]>([
  ["an engine", 'OCI runtime create failed: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown', SHELL],
  ["an init", "[FATAL tini (7)] exec /bin/sh failed: No such file or directory", SHELL],
  ["an engine without init", 'exec: "docker-init": executable file not found in $PATH', INIT],
  ["Ubuntu's snap", "exec /sbin/docker-init: operation not permitted", INIT],
  ["Podman without init", "container-init binary not found on the host", INIT],
  ["a shell that is there", "/bin/sh: serve: not found", undefined],
  ["a program that is not there", "[FATAL tini (7)] exec serve failed: No such file or directory", undefined],
])("the words of %s", (_, words, hint) => {
  expect(startHint(words, "processes.web.command")).toBe(hint);
});
