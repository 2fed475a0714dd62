/**
 * What tabs of one buffer tell each other. A message only says what is in the buffer already, or asks for something;
 * whoever misses one looks into the buffer.
 */
import type { ConfirmedChange } from "../buffer/local-buffer.js";
import type { SyncStateName } from "../model.js";
import type { PresenceMessage } from "../protocol/subscription.js";
import type { Follow, StoredStep } from "../state/open-aggregates.js";
import type { Notice } from "../sync/notice.js";
import type { OutboxChange } from "../sync/outbox.js";
import type { SyncEvent } from "../sync/sync-state.js";

/** How the tab that leads stands, for the others to show. */
export interface LeaderStatus {
  readonly online: boolean;
  readonly state: SyncStateName;
  readonly reason: string | undefined;
  readonly serverPosition: number | undefined;
}

export type TabMessage =
  | OutboxChange
  | { readonly kind: "confirmed"; readonly change: ConfirmedChange; readonly step: StoredStep }
  | { readonly kind: "follows"; readonly tab: string; readonly follows: readonly Follow[] }
  | { readonly kind: "gone"; readonly tab: string }
  | { readonly kind: "new-leader" }
  | { readonly kind: "status"; readonly status: LeaderStatus }
  | { readonly kind: "event"; readonly event: SyncEvent }
  | { readonly kind: "notice"; readonly notice: Notice }
  | { readonly kind: "presence"; readonly presence: PresenceMessage }
  | { readonly kind: "ping" }
  | { readonly kind: "pong"; readonly settled: number };

export interface TabChannel {
  post(message: TabMessage): void;
  listen(listener: (message: TabMessage) => void): void;
  close(): void;
}

export function tabChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name);
  return {
    post: message => channel.postMessage(message),
    listen: listener => {
      channel.onmessage = (event: MessageEvent) => listener(event.data as TabMessage);
    },
    close: () => channel.close(),
  };
}
