/** The client of Celeriant: write first, sync later, lose nothing. This entry needs nothing but a browser. */
export { connect } from "./connect.js";
export type { ConnectOptions } from "./connect-options.js";
export type { Codec, OpenedData, SealedEvent } from "./codec.js";
export { upcasting, type NewForm, type OldEvent, type Upcaster, type Upcasting } from "./upcasting.js";
export type { AnyEvents, AppliedOf, EventOf, RecordedOf, RegisterOf } from "./typed-events.js";
export { Celeriant, type Expected, type PresenceOf } from "./celeriant.js";
export { accessOf, redeem } from "./access.js";
export type { Access, AggregateAccess, Grantee, Level, Redeemed, Share } from "./access.js";
export { schemasOf } from "./schemas.js";
export type { SchemaName, Schemas } from "./schemas.js";
export { AggregateView, type EventsOf } from "./view.js";
export { Projection, type AppliedEvent, type ProjectionOf } from "./state/projection.js";
export type { ViewChange } from "./state/open-aggregate.js";
export { AppendHandle } from "./sync/append-handle.js";
export type { Notice } from "./sync/notice.js";
export { indexedDbBuffer } from "./buffer/indexeddb.js";
export { memoryBuffer } from "./buffer/memory.js";
export { BufferFormatError, BufferInUseError, BufferWriteError, type LocalBuffer } from "./buffer/local-buffer.js";
export type { ErrorCode } from "./protocol/error-code.js";
export { InvalidAppendError, LogDivergedError, NoAnswerError, ProblemError, RejectedError } from "./protocol/errors.js";
export type { Me } from "./protocol/requests.js";
export type { PresenceMessage } from "./protocol/subscription.js";
export type { Auth, Fetch } from "./protocol/transport.js";
export type { Clock, Random } from "./clock.js";
export type {
  AppendRef,
  Confirmation,
  Encryption,
  EventInput,
  JsonValue,
  PendingAppend,
  Problem,
  Recorded,
  RecordedEvent,
  RegisterValue,
  RejectedAppend,
  Snapshot,
  Status,
  SyncStateName,
} from "./model.js";
