/** A process that asks for whatever a gateway answers, closes its client and has no more to do. */
import { accessOf } from "../../src/access.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { connect } from "../../src/connect.js";
import { schemasOf } from "../../src/schemas.js";

const app = await connect({ url: process.argv[2]!, org: "demo", buffer: memoryBuffer(), aggregates: ["canvas/b"] });
await app.append({ aggregate: "canvas/b", type: "cell-painted", key: "1,1", data: "red" }).confirmed;
await app.publishSnapshot("canvas/b", { version: 1, data: ["red"] });
await app.putPresence("canvas/b", null);
await schemasOf(app).put({ eventType: "cell-painted", typeVersion: "1.0" }, { type: "string" });
await accessOf(app, "canvas/b").withdraw("s1");
await app.me();
await app.close();
console.log("closed");
