/** The words of engines, and of the init that they put before a process, about a program that is not there. */
const NO_SHELL = /exec:? "?\/bin\/sh"?\W.*(no such file|not found)/i;
/** Some engines come without the init, and some, such as Ubuntu's snap, may not run it. */
const NO_INIT =
  /exec:? "?(\S*\/)?docker-init"?\W.*(no such file|not found|not permitted|denied)|init binary not found/i;

/**
 * Advice on a process that could not begin.
 *
 * @param words of the engine, or the process's output
 * @param command the input that is to be a list of words
 */
export function startHint(words: string, command: string): string | undefined {
  if (NO_INIT.test(words)) return "this engine has no init that it may run: set init: false";
  return NO_SHELL.test(words) ? `the image has no /bin/sh: give ${command} as a list of words` : undefined;
}
