/** What an event, a document or a map's entry holds in every product: about 100 bytes of JSON. */
export function valueAt(at) {
  return {
    colour: `#${(at % 0xffffff).toString(16).padStart(6, "0")}`,
    by: "somebody on a device",
    at,
    note: "0123456789",
  };
}
