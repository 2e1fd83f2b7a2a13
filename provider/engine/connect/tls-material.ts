import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoConnection, type HostEntry } from "./transport";

/** Certificates and key as PEM texts. */
export interface Material {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const FILES = { ca: "ca.pem", cert: "cert.pem", key: "key.pem" } as const;

export function speaksTls(entry: HostEntry): boolean {
  const { caMaterial, certMaterial, keyMaterial, certPath } = entry;
  return [caMaterial, certMaterial, keyMaterial, certPath].some((given) => given !== undefined);
}

/** Reads certificates and key from the entry, or from the folder that it names. */
export function readMaterial({ caMaterial, certMaterial, keyMaterial, certPath }: HostEntry): Material {
  if (certPath === undefined) return { ca: caMaterial, cert: certMaterial, key: keyMaterial };
  const read = (name: keyof typeof FILES) => {
    const file = join(certPath, FILES[name]);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const material = { ca: read("ca"), cert: read("cert"), key: read("key") };
  if (Object.values(material).every((text) => text === undefined) || !material.cert !== !material.key) {
    const missing = Object.values(FILES).filter((name) => !existsSync(join(certPath, name)));
    throw new NoConnection(`${certPath} has no ${missing.join(", ")}`, "put the files there, or correct certPath");
  }
  return material;
}

/**
 * Checks our certificate's dates and key, because an engine answers all such faults with the same alert.
 *
 * @throws NoConnection
 */
export function checkMaterial({ ca, cert, key }: Material, now: Date): void {
  for (const authority of certificates(ca, "caMaterial")) checkDates(authority, "the CA's certificate", now);
  const [own] = certificates(cert, "certMaterial");
  if (own === undefined || key === undefined) return;
  checkDates(own, "the client certificate", now);
  let matches: boolean;
  try {
    matches = own.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new NoConnection("keyMaterial is no private key that can be read", "give its PEM text, without a passphrase");
  }
  if (!matches) {
    const reason = "keyMaterial is not the key of the certificate in certMaterial";
    throw new NoConnection(reason, "give the pair that was made together");
  }
}

/** True when one of the given authorities has signed our certificate, or when that cannot be told. */
export function isSigned({ ca, cert }: Material): boolean {
  const authorities = certificates(ca, "caMaterial");
  const chain = certificates(cert, "certMaterial");
  const last = chain.at(-1);
  if (last === undefined || authorities.length === 0) return true;
  return authorities.some((authority) => last.checkIssued(authority) && last.verify(authority.publicKey));
}

function checkDates(certificate: X509Certificate, what: string, now: Date): void {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (now > to) throw new NoConnection(`${what} expired on ${day(to)}`, "renew it");
  if (now < from) {
    throw new NoConnection(`${what} is valid from ${day(from)} on only`, `compare this machine's clock (${day(now)})`);
  }
}

const day = (date: Date) => date.toISOString().slice(0, 10);

function certificates(pem: string | undefined, name: string): X509Certificate[] {
  const blocks = pem?.match(/-----BEGIN [^-]*CERTIFICATE-----[^-]+-----END [^-]*CERTIFICATE-----/g) ?? [];
  try {
    if (pem !== undefined && blocks.length === 0) throw new Error("no certificate");
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new NoConnection(`${name} is no certificate that can be read`, "give its PEM text");
  }
}
