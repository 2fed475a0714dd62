/** The bundle for pages that have no bundler of their own: what a page needs, and nothing that only tests do. */
export { connect } from "./connect.js";
export { indexedDbBuffer } from "./buffer/indexeddb.js";
export { BufferFormatError, BufferWriteError } from "./buffer/local-buffer.js";
export { InvalidAppendError, LogDivergedError, NoAnswerError, ProblemError, RejectedError } from "./protocol/errors.js";
