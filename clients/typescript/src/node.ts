/** What the client needs in Node beside the browser-safe entry. */
export { fileBuffer } from "./buffer/file.js";
