import { createPrivateKey, randomBytes, sign, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { run } from "./rig/run";

/** Name that the service, and the registry that trusts it, call each other by. */
const SERVICE = "test-tokens";

interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Service to which a registry sends its clients: for a name and password, or for an identity token, it gives tokens that
 * the registry takes.
 */
export class TokenService {
  /** Token that stands for the name and password, as a registry gives it to `docker login`. */
  readonly identity = `identity-canary-${randomBytes(8).toString("hex")}`;
  readonly #server = createServer((asked, answer) => {
    void this.#answer(asked).then(({ status, body }) => {
      answer.writeHead(status, { "content-type": "application/json" });
      answer.end(JSON.stringify(body));
    });
  });

  private constructor(
    private readonly credentials: Credentials,
    private readonly certFile: string,
    private readonly keyFile: string,
  ) {}

  /** @param folder for its key and certificate */
  static async start(folder: string, host: string, credentials: Credentials): Promise<TokenService> {
    const [certFile, keyFile] = [join(folder, "tokens.pem"), join(folder, "tokens-key.pem")];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
    const subject = ["-subj", `/CN=${SERVICE}`, "-days", "2", "-out", certFile];
    await run("openssl", "req", "-x509", ...key, ...subject);
    const service = new TokenService(credentials, certFile, keyFile);
    await new Promise<void>((resolve) => service.#server.listen(0, host, resolve));
    return service;
  }

  /** Part of a registry's configuration that makes it trust the service. */
  get asAuth(): object {
    const { address, port } = this.#server.address() as AddressInfo;
    const realm = `http://${address}:${port}/token`;
    return { token: { realm, service: SERVICE, issuer: SERVICE, rootcertbundle: this.certFile } };
  }

  /** Token that the registry takes as it is. */
  issue(access: readonly Access[]): string {
    const now = Math.floor(Date.now() / 1000);
    const certificate = new X509Certificate(readFileSync(this.certFile)).raw.toString("base64");
    const claims = { iss: SERVICE, aud: SERVICE, sub: "test", iat: now, nbf: now - 60, exp: now + 600 };
    const parts = [
      { typ: "JWT", alg: "ES256", x5c: [certificate] },
      { ...claims, jti: String(now), access },
    ];
    const words = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const key = createPrivateKey(readFileSync(this.keyFile));
    const signature = sign("sha256", Buffer.from(words), { key, dsaEncoding: "ieee-p1363" });
    return `${words}.${signature.toString("base64url")}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(asked: IncomingMessage): Promise<{ readonly status: number; readonly body: object }> {
    const form = new URLSearchParams(await text(asked));
    const query = new URL(asked.url ?? "/", "http://tokens").searchParams;
    const { username, password } = this.credentials;
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    const isKnown =
      asked.method === "POST" ? form.get("refresh_token") === this.identity : asked.headers.authorization === basic;
    if (!isKnown) return { status: 401, body: { details: "incorrect username or password" } };
    const scopes = [...query.getAll("scope"), ...form.getAll("scope")].flatMap((all) => all.split(" "));
    const token = this.issue(scopes.filter((scope) => scope !== "").map(accessIn));
    return { status: 200, body: { token, access_token: token, expires_in: 600 } };
  }
}

/** Reads a scope such as `repository:shop:pull,push`. */
function accessIn(scope: string): Access {
  const [, type = "", name = "", actions = ""] = /^(.*?):(.*):(.*?)$/.exec(scope) ?? [];
  return { type, name, actions: actions.split(",") };
}
