/**
 * End-to-end encryption of event data: AES-256-GCM by WebCrypto. The gateway, the log and the local buffer only ever
 * hold what is sealed; keys stay with the application, which gives them by their ids. An entry of its own:
 * `celeriant/encryption`.
 *
 *   sealed data      := ciphertext, then the 16 bytes of the tag, in Base64
 *   additional data  := aggregate "\n" type, then "\n" key if the event has one, as UTF-8
 *   plaintext        := the JSON text of `data`, or the bytes of `data_base64`; `datacontenttype` tells which
 *
 * So sealed data cannot be moved to another aggregate, type or register unnoticed. Names, keys of registers, sizes and
 * times stay visible: do not put secrets there.
 */
import type { Codec, OpenedData, SealedEvent } from "./codec.js";
import type { EventInput, JsonValue } from "./model.js";
import { base64, base64url, fromBase64, isJsonType, utf8 } from "./protocol/encoding.js";

const ALGORITHM = "A256GCM";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const JSON_TYPE = "application/json";
/** The type under which a snapshot is sealed, and the media type of what comes out. */
const SNAPSHOT = "$snapshot";
const SEALED_TYPE = "application/vnd.celeriant.sealed+json";
const BYTES_TYPE = "application/octet-stream";

/** 32 bytes, or a WebCrypto key for AES-GCM; the latter need not be extractable. */
export type AesKey = CryptoKey | Uint8Array<ArrayBuffer>;

/** Where the keys come from, and which is used. */
export interface EncryptionOptions {
  /**
   * The key with this id; undefined when there is none (any more). Asked whenever something is sealed or opened, so
   * that a key that the application forgets is not used again. Tell the client by `keysChanged`.
   */
  readonly key: (kid: string) => AesKey | undefined | Promise<AesKey | undefined>;
  /** The id of the key under which this event is sealed now; undefined leaves it readable for everyone. */
  readonly sealWith: (event: EventInput) => string | undefined;
  /** @internal Where initialization vectors come from. A vector must never come twice under one key. */
  readonly iv?: () => Uint8Array<ArrayBuffer>;
}

/** There is no key with this id: it was forgotten, or this client was never given it. */
export class NoKeyError extends Error {
  constructor(
    /** The id of the key. */
    readonly kid: string,
  ) {
    super(`no key ${JSON.stringify(kid)}`);
    this.name = "NoKeyError";
  }
}

/**
 * A codec for `connect`.
 *
 * @example
 * ```ts
 * const keys = new Map([["2026", crypto.getRandomValues(new Uint8Array(32))]]);
 * const codec = a256gcm({ key: kid => keys.get(kid), sealWith: () => "2026" });
 * const app = await connect({ url, org, codec });
 * ```
 */
export function a256gcm(options: EncryptionOptions): Codec {
  const newIv = options.iv ?? (() => crypto.getRandomValues(new Uint8Array(IV_BYTES)));
  const keyOf = async (kid: string, use: KeyUsage) => {
    const key = await options.key(kid);
    if (key === undefined) throw new NoKeyError(kid);
    return await imported(key, use);
  };
  const codec: Codec = {
    async seal(event) {
      const kid = options.sealWith(event);
      if (kid === undefined) return event;
      const iv = newIv();
      const { data, data_base64, ...rest } = event;
      const datacontenttype = event.datacontenttype ?? (data_base64 === undefined ? JSON_TYPE : BYTES_TYPE);
      const plain = data_base64 === undefined ? utf8(JSON.stringify(data)) : fromBase64(data_base64);
      const sealed = await crypto.subtle.encrypt(parameters(iv, event), await keyOf(kid, "encrypt"), plain);
      const encryption = { alg: ALGORITHM, kid, iv: base64url(iv) };
      return { ...rest, datacontenttype, data_base64: base64(new Uint8Array(sealed)), encryption };
    },

    async open(event) {
      const { alg, kid, iv } = event.encryption;
      if (alg !== ALGORITHM) throw new Error(`encrypted with ${alg}; this client opens ${ALGORITHM}`);
      const key = await keyOf(kid, "decrypt");
      const sealed = fromBase64(event.data_base64 ?? "");
      const plain = await crypto.subtle.decrypt(parameters(fromBase64(iv), event), key, sealed).catch(() => {
        throw new Error(`not what was sealed with key ${JSON.stringify(kid)}`);
      });
      return dataIn(new Uint8Array(plain), event.datacontenttype ?? BYTES_TYPE);
    },

    async sealSnapshot(aggregate, content) {
      const sealed = await codec.seal({ ...content, aggregate, type: SNAPSHOT });
      const { encryption, data_base64 = "", datacontenttype = BYTES_TYPE } = sealed;
      if (encryption === undefined) return undefined;
      return { data: { encryption: { ...encryption }, data_base64, datacontenttype }, datacontenttype: SEALED_TYPE };
    },

    async openSnapshot(aggregate, { data, data_base64 = "", datacontenttype }) {
      if (datacontenttype !== SEALED_TYPE) return undefined;
      const sealed = data ?? (JSON.parse(new TextDecoder().decode(fromBase64(data_base64))) as JsonValue);
      return await codec.open({ ...(sealed as unknown as SealedEvent), aggregate, type: SNAPSHOT });
    },
  };
  return codec;
}

function parameters(iv: Uint8Array<ArrayBuffer>, { aggregate, type, key }: SealedEvent | EventInput): AesGcmParams {
  const names = key === undefined ? [aggregate, type] : [aggregate, type, key];
  return { name: "AES-GCM", iv, additionalData: utf8(names.join("\n")) };
}

function dataIn(plain: Uint8Array, datacontenttype: string): OpenedData {
  if (!isJsonType(datacontenttype)) return { data_base64: base64(plain), datacontenttype };
  const data = JSON.parse(new TextDecoder().decode(plain)) as JsonValue;
  return datacontenttype === JSON_TYPE ? { data } : { data, datacontenttype };
}

async function imported(key: AesKey, use: KeyUsage): Promise<CryptoKey> {
  if (!(key instanceof Uint8Array)) return key;
  if (key.length !== KEY_BYTES) throw new TypeError(`a key of ${key.length} bytes: ${ALGORITHM} takes ${KEY_BYTES}`);
  return await crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);
}
