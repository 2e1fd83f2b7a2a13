import { isJump } from "../values/addresses";

/** Options without a value, and those with one. */
const FLAGS = /^-(?:4|6|C|q|v{1,3})$/;
const VALUED = /^-([biJcm])(.*)$/s;

/** Settings that `-o` may have: none that starts a program here, or keeps ssh from checking the host's key. */
const SETTINGS = new Set(
  `addressfamily bindaddress bindinterface casignaturealgorithms certificatefile checkhostip ciphers compression
  connectionattempts connecttimeout globalknownhostsfile gssapiauthentication hashknownhosts hostkeyalgorithms
  hostkeyalias identitiesonly identityagent identityfile ipqos kexalgorithms loglevel macs preferredauthentications
  proxyjump pubkeyacceptedalgorithms pubkeyacceptedkeytypes pubkeyauthentication rekeylimit requiredrsasize
  serveralivecountmax serveraliveinterval stricthostkeychecking tcpkeepalive updatehostkeys userknownhostsfile`.split(
    /\s+/,
  ),
);
const STARTS_A_PROGRAM = new Set(
  `proxycommand localcommand permitlocalcommand knownhostscommand match include remotecommand pkcs11provider
  smartcarddevice securitykeyprovider xauthlocation`.split(/\s+/),
);
const UNCHECKED = "would leave the host's key unchecked: add the key to your known_hosts instead";

/**
 * Faults of options for ssh, each a word of its own. Formation's own options come first and win.
 *
 * @returns the index of a word, and the fault in the words "<path> <fault>"
 */
export function sshOptionFaults(words: readonly string[]): { readonly at: number; readonly fault: string }[] {
  const faults: { at: number; fault: string }[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, letter, glued = ""] = VALUED.exec(word) ?? (word.startsWith("-o") ? [word, "o", word.slice(2)] : []);
    if (letter === undefined) {
      if (!FLAGS.test(word)) faults.push({ at, fault: notAllowed(word) });
      continue;
    }
    if (glued === "") at++;
    const value = glued === "" ? words[at] : glued;
    const fault = value === undefined ? `is ${JSON.stringify(word)} without a value` : valueFault(letter, value);
    if (fault !== undefined) faults.push({ at: Math.min(at, words.length - 1), fault });
  }
  return faults;
}

function valueFault(letter: string, value: string): string | undefined {
  if (/[\0-\x1f]/.test(value)) return "has a control character: remove it";
  if (letter === "J") return isJump(value) ? undefined : jumpFault(value);
  return letter === "o" ? settingFault(value) : undefined;
}

/** Refuses everything that is not plainly `Name=value` or `Name value`, so that ssh reads it as it is judged here. */
function settingFault(text: string): string | undefined {
  const [, given = "", value = ""] = /^([A-Za-z0-9]+)(?:=| )(\S.*)$/.exec(text) ?? [];
  const name = given.toLowerCase();
  const shown = `is ${JSON.stringify(text)}`;
  // ssh reads names in any spelling of case, and with quotes and spaces around them.
  const loose = /^[\s"]*([A-Za-z0-9]+)/.exec(text)?.[1]?.toLowerCase() ?? "";
  if (STARTS_A_PROGRAM.has(loose)) {
    return `${shown}, which may start a program on this machine: set it in your own ssh configuration`;
  }
  if (!SETTINGS.has(name)) return notAllowed(text);
  if (name === "stricthostkeychecking" && !/^(yes|ask|accept-new)$/i.test(value)) return `${shown}, which ${UNCHECKED}`;
  if (name === "userknownhostsfile" && /\/dev\/|^"?none"?$/i.test(value)) return `${shown}, which ${UNCHECKED}`;
  if (name === "proxyjump" && !isJump(value)) return jumpFault(value);
  return undefined;
}

const jumpFault = (value: string) => `is ${JSON.stringify(value)}: give user@host:port of each machine on the way`;

const notAllowed = (text: string) =>
  `is ${JSON.stringify(text)}, which cannot be set here: use -i, -J or a setting of the connection with -o, or your ssh configuration`;
