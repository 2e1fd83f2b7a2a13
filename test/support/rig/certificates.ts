import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run";

/** PEM files and their texts. */
interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

interface Order {
  readonly usage: "serverAuth" | "clientAuth";
  /** Names in the certificate, such as `IP:10.64.0.1,DNS:localhost`. */
  readonly names?: string;
  /** Begin of validity as openssl writes times: `20200101000000Z`. Default: valid now. */
  readonly from?: string;
  readonly to?: string;
}

export interface Authority extends Certificate {
  readonly issue: (name: string, order: Order) => Promise<Certificate>;
}

const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes a certificate authority with files in a folder. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  mkdirSync(folder, { recursive: true });
  const file = (suffix: string) => join(folder, `${name}${suffix}`);
  const config = file(".cnf");
  const lines = ["[ca]", "default_ca=this", "[this]", `database=${file(".db")}`, `new_certs_dir=${folder}`];
  const rules = ["rand_serial=yes", "default_md=sha256", "policy=any", "unique_subject=no"];
  writeFileSync(config, [...lines, ...rules, "[any]", "commonName=supplied", ""].join("\n"));
  writeFileSync(file(".db"), "");
  const made = files(folder, name);
  const subject = ["-subj", `/CN=${name}`, "-keyout", made.keyFile, "-out", made.certFile];
  await run("openssl", "req", "-x509", ...key, ...subject, "-days", "2");
  return {
    ...readPair(made),
    issue: async (holder, order) => {
      const { certFile, keyFile } = files(folder, holder);
      const [request, extensions] = [join(folder, `${holder}.csr`), join(folder, `${holder}.ext`)];
      const names = order.names === undefined ? "" : `subjectAltName=${order.names}\n`;
      writeFileSync(extensions, `extendedKeyUsage=${order.usage}\n${names}`);
      await run("openssl", "req", ...key, "-subj", `/CN=${holder}`, "-keyout", keyFile, "-out", request);
      const time = [...(order.from ? ["-startdate", order.from] : []), ...(order.to ? ["-enddate", order.to] : [])];
      const signer = ["-config", config, "-cert", made.certFile, "-keyfile", made.keyFile];
      const paper = ["-in", request, "-out", certFile, "-extfile", extensions];
      await run("openssl", "ca", "-batch", "-notext", ...signer, ...paper, "-days", "2", ...time);
      return readPair({ certFile, keyFile });
    },
  };
}

const files = (folder: string, name: string) => ({
  certFile: join(folder, `${name}.pem`),
  keyFile: join(folder, `${name}-key.pem`),
});

function readPair(pair: { readonly certFile: string; readonly keyFile: string }): Certificate {
  return { ...pair, cert: readFileSync(pair.certFile, "utf8"), key: readFileSync(pair.keyFile, "utf8") };
}
