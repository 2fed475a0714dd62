import { Buffer } from "node:buffer";
import { connect, memoryBuffer } from "celeriant";
import * as Y from "yjs";
import { documentWith, textOf } from "../text.js";

/** Somebody who comes when all is done, with a key of their own, reads the log from its first event, and writes not. */
export async function readDocument(url: string, org: string, aggregate: string, startContent: string): Promise<string> {
  const app = await connect({ url, org, buffer: memoryBuffer() });
  try {
    const document = documentWith(startContent);
    for await (const event of app.readEvents(aggregate)) {
      Y.applyUpdate(document, Buffer.from(event.data_base64 ?? "", "base64"));
    }
    return textOf(document).toString();
  } finally {
    await app.close();
  }
}
