import assert from "node:assert/strict";
import { test } from "node:test";
import type { SealedEvent } from "../../src/codec.js";
import { a256gcm } from "../../src/encryption.js";
import type { EventInput } from "../../src/model.js";
import { conformance } from "../support/conformance.js";

interface Case {
  readonly name: string;
  readonly key: string;
  readonly iv: string;
  readonly event: EventInput;
  readonly sealed: EventInput & SealedEvent;
}

const { cases } = await conformance<{ cases: readonly Case[] }>("encryption/a256gcm.json");
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

for (const { name, key, iv, event, sealed } of cases) {
  const { kid } = sealed.encryption;
  const codec = a256gcm({ key: id => (id === kid ? bytes(key) : undefined), sealWith: () => kid, iv: () => bytes(iv) });

  test(`sealing and opening: ${name}`, async () => {
    assert.deepEqual(await codec.seal(event), sealed);
    const { data, data_base64 } = await codec.open(sealed);
    assert.deepEqual({ data, data_base64 }, { data: event.data, data_base64: event.data_base64 });
  });

  test(`what was moved, or changed in any bit, does not open: ${name}`, async () => {
    const moved = [{ aggregate: "other/x" }, { type: "other" }, { key: "other" }];
    for (const names of moved) await assert.rejects(codec.open({ ...sealed, ...names }), /not what was sealed/);
    const raw = Buffer.from(sealed.data_base64!, "base64");
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const flipped = Buffer.from(raw);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const event = { ...sealed, data_base64: flipped.toString("base64") };
      await assert.rejects(codec.open(event), /not what was sealed/);
    }
    await assert.rejects(codec.open({ ...sealed, data_base64: "AAAA" }), /not what was sealed/);
  });
}

test("a key of another length, an unknown key and an unknown algorithm are named", async () => {
  const sealed = cases[0]!.sealed;
  const short = a256gcm({ key: () => new Uint8Array(16), sealWith: () => "k" });
  await assert.rejects(short.seal(cases[0]!.event), /a key of 16 bytes: A256GCM takes 32/);
  const none = a256gcm({ key: () => undefined, sealWith: () => "k" });
  await assert.rejects(none.open(sealed), /no key "2026-01"/);
  const encryption = { ...sealed.encryption, alg: "A128GCM" };
  await assert.rejects(none.open({ ...sealed, encryption }), /encrypted with A128GCM/);
});
