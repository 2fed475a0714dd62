import { generateKeyPairSync, createHash, randomUUID, sign } from "node:crypto";
import type { RecordedEvent } from "celeriant";

const PAGE_LIMIT = 10_000;

interface Page {
  readonly events: readonly RecordedEvent[];
  readonly next: number | null;
}

/**
 * Reads the whole merged log of an org, written after PROTOCOL and without the client, so that what it says does not
 * rest on the client's own bookkeeping.
 */
export async function readMergedLog(url: string, org: string): Promise<RecordedEvent[]> {
  const device = new Device(url);
  const events: RecordedEvent[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page = (await device.get(`/v1/${org}/events?after=${after}&limit=${PAGE_LIMIT}`)) as Page;
    events.push(...page.events);
    after = page.next;
  }
  return events;
}

/** Lets everybody append to an aggregate that does not exist yet; the device that asks for it owns it and is gone. */
export async function shareWithAll(url: string, org: string, aggregate: string): Promise<void> {
  await new Device(url).patch(`/v1/${org}/${aggregate}/access`, { public: "contributor" });
}

/** A device key with its token (RFC 9449). */
class Device {
  private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  private nonce: string | undefined;
  private token: string | undefined;

  constructor(private readonly url: string) {}

  async get(path: string): Promise<unknown> {
    const token = (this.token ??= await this.newToken());
    return await this.send("GET", path, { Authorization: `DPoP ${token}` }, undefined, token);
  }

  async patch(path: string, body: unknown): Promise<unknown> {
    const token = (this.token ??= await this.newToken());
    const headers = { Authorization: `DPoP ${token}`, "Content-Type": "application/json" };
    return await this.send("PATCH", path, headers, JSON.stringify(body), token);
  }

  private async newToken(): Promise<string> {
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    const { access_token } = (await this.send("POST", "/oauth/token", {}, form)) as { access_token: string };
    return access_token;
  }

  private async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: URLSearchParams | string,
    token?: string,
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(this.url + path, {
        method,
        headers: { ...headers, DPoP: this.proof(method, path, token) },
        ...(body === undefined ? {} : { body }),
      });
      const asked = this.nonce;
      this.nonce = response.headers.get("DPoP-Nonce") ?? this.nonce;
      if (response.ok) return await response.json();
      const text = await response.text();
      if (attempt > 1 || this.nonce === asked) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
  }

  private proof(method: string, path: string, token: string | undefined): string {
    const { kty, crv, x, y } = this.keys.publicKey.export({ format: "jwk" });
    const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } };
    const claims = {
      htm: method,
      htu: this.url + path.replace(/\?.*/, ""),
      jti: randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      ...(this.nonce === undefined ? {} : { nonce: this.nonce }),
      ...(token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") }),
    };
    const text = `${base64url(header)}.${base64url(claims)}`;
    const signature = sign("sha256", Buffer.from(text), { key: this.keys.privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  }
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
