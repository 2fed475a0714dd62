/** Makes of a file what fits into one event: photographs are shrunk on the device, other files must be small enough. */
import { newId } from "./clock.js";

/** A photograph, after it was shrunk: enough to see what is meant, and a hundred sites still fit into a phone. */
export const PHOTO_BYTES_MAX = 150 * 1024;
/** Any other file: what the protocol takes as the data of one event. */
export const ATTACHMENT_BYTES_MAX = 1024 * 1024;

const PHOTO_EDGE_MAX = 1_280;
const PHOTO_EDGE_MIN = 160;
const NAME_LENGTH_MAX = 80;

/** What the event needs of it; `key` is the register that keeps it. */
export interface Attachment {
  readonly key: string;
  readonly type: "photo-taken" | "file-attached";
  readonly data_base64: string;
  readonly datacontenttype: string;
}

export async function photo(file: File): Promise<Attachment> {
  const shrunk = await shrink(file);
  return {
    key: `photo/${newId()}`,
    type: "photo-taken",
    data_base64: await base64(shrunk),
    datacontenttype: shrunk.type,
  };
}

export async function attachment(file: File): Promise<Attachment> {
  if (file.size > ATTACHMENT_BYTES_MAX) {
    throw new RangeError(`“${file.name}” has ${sizeOf(file.size)}: a file may have ${sizeOf(ATTACHMENT_BYTES_MAX)}`);
  }
  if (file.size === 0) throw new RangeError(`“${file.name}” is empty`);
  const name = file.name.replace(/\p{Cc}/gu, "").slice(-NAME_LENGTH_MAX);
  return {
    key: `file/${newId()}/${name}`,
    type: "file-attached",
    data_base64: await base64(file),
    datacontenttype: file.type || "application/octet-stream",
  };
}

export function sizeOf(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

async function shrink(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new TypeError(`“${file.name}” is no picture that this browser can read; it can be attached as a file`);
  });
  const longest = Math.max(picture.width, picture.height);
  for (let edge = Math.min(PHOTO_EDGE_MAX, longest); ; edge *= 0.75) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round((picture.width * edge) / longest));
    canvas.height = Math.max(1, Math.round((picture.height * edge) / longest));
    const pen = canvas.getContext("2d", { alpha: false });
    pen?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const shrunk = await new Promise<Blob | null>(done => canvas.toBlob(done, "image/jpeg", 0.75));
    if (shrunk !== null && shrunk.size <= PHOTO_BYTES_MAX) return shrunk;
    if (edge < PHOTO_EDGE_MIN) throw new RangeError(`“${file.name}” does not shrink to ${sizeOf(PHOTO_BYTES_MAX)}`);
  }
}

async function base64(blob: Blob): Promise<string> {
  const reader = new FileReader();
  await new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  return String(reader.result).replace(/^[^,]*,/, "");
}
