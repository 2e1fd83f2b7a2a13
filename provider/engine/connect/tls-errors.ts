import { isSigned, type Material } from "./tls-material";
import type { Explanation } from "./transport";

const UNKNOWN_CA = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
]);

interface TlsError {
  readonly code?: string;
  readonly message?: string;
  readonly cert?: { readonly subjectaltname?: string };
}

/** Explains an error of a TLS connection. One alert has several causes, which our own certificates tell apart. */
export function explainTls(error: unknown, hostname: string, material: Material): Explanation | undefined {
  const { code = "", message = "", cert } = error as TlsError;
  if (code === "CERT_HAS_EXPIRED") {
    return { reason: "the engine's certificate has expired", hint: "renew it on that machine and restart dockerd" };
  }
  if (code === "CERT_NOT_YET_VALID") {
    return { reason: "the engine's certificate is not valid yet", hint: "compare the clocks of both machines" };
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = cert?.subjectaltname ?? "nothing";
    const hint = `give host one of these names, or add ${hostname} to the certificate's subjectAltName`;
    return { reason: `the engine's certificate is for ${names}, not for ${hostname}`, hint };
  }
  if (UNKNOWN_CA.has(code)) {
    const which = material.ca === undefined ? "a CA that Node.js knows" : "the CA that is given";
    return { reason: `the engine's certificate is not signed by ${which}`, hint: "give the CA that did as caMaterial" };
  }
  if (/ALERT_\w*(?:CERTIFICATE|UNKNOWN_CA)/.test(code)) {
    return explainRefusal(material);
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code) || /wrong version number/.test(message)) {
    const hint = "start dockerd with --tlsverify there, or correct the port; plain HTTP is not tried instead";
    return { reason: "what answers there does not speak TLS", hint };
  }
  return undefined;
}

function explainRefusal(material: Material): Explanation {
  if (material.cert === undefined) {
    const hint = "give certMaterial and keyMaterial";
    return { reason: "the engine asks for a client certificate, and none is given", hint };
  }
  const hint = "give one that is signed, for client authentication, by the CA in dockerd's --tlscacert";
  if (isSigned(material)) return { reason: "the engine refuses the client certificate", hint };
  return { reason: "the engine refuses the client certificate, which the CA that is given has not signed", hint };
}
