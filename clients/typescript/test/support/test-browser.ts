/**
 * A browser profile with tabs: one IndexedDB, one set of Web Locks, channels between the tabs. A tab can crash (its
 * locks are free, nothing more comes from it) and freeze (it holds its locks and does nothing until it thaws).
 */
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { indexedDbBuffer } from "../../src/buffer/indexeddb.js";
import type { ConnectOptions } from "../../src/connect-options.js";
import type { Fetch } from "../../src/protocol/transport.js";
import type { Locks } from "../../src/tabs/leadership.js";
import type { TabChannel, TabMessage } from "../../src/tabs/messages.js";
import { clientOf, type TestClient } from "./client.js";
import type { ModelGateway } from "./model-gateway.js";

globalThis.IDBKeyRange = IDBKeyRange;

interface Holder {
  readonly tab: TestTab;
  readonly take: () => void;
  readonly lose: (reason: Error) => void;
}

export class TestBrowser {
  private readonly factory = new IDBFactory();
  private readonly tabs = new Set<TestTab>();
  private holder: Holder | undefined;
  private readonly queue: Holder[] = [];

  constructor(private readonly gateway: ModelGateway) {}

  async open(options: Partial<ConnectOptions> = {}): Promise<TestTab> {
    const tab = new TestTab(this, this.gateway.fetch);
    this.tabs.add(tab);
    tab.client = await clientOf(this.gateway, {
      buffer: indexedDbBuffer("celeriant-demo", this.factory),
      locks: this.locksOf(tab),
      channel: () => {
        this.tabs.add(tab);
        return tab.channel;
      },
      visible: () => tab.visible,
      fetch: tab.fetch,
      ...options,
    });
    return tab;
  }

  deliver(from: TestTab, message: TabMessage): void {
    for (const tab of this.tabs) if (tab !== from) tab.receive(structuredClone(message));
  }

  /** The tab hears nothing more. */
  left(tab: TestTab): void {
    this.tabs.delete(tab);
  }

  /** The tab is gone, in whatever way: its locks are free. */
  gone(tab: TestTab): void {
    this.left(tab);
    for (let place = this.queue.length - 1; place >= 0; place--) {
      if (this.queue[place]!.tab === tab) this.queue.splice(place, 1);
    }
    if (this.holder?.tab === tab) this.next();
  }

  private next(): void {
    this.holder = this.queue.shift();
    this.holder?.take();
  }

  private locksOf(tab: TestTab): Locks {
    return {
      request: (_name, { signal, steal }, work) =>
        new Promise<void>((resolve, reject) => {
          const entry: Holder = {
            tab,
            take: () => {
              work().then(
                () => {
                  resolve();
                  if (this.holder === entry) this.next();
                },
                (error: Error) => {
                  reject(error);
                  if (this.holder === entry) this.next();
                },
              );
            },
            lose: reason => tab.whenThawed(() => reject(reason)),
          };
          signal?.addEventListener("abort", () => {
            const place = this.queue.indexOf(entry);
            if (place < 0) return;
            this.queue.splice(place, 1);
            reject(signal.reason as Error);
          });
          if (steal) {
            this.holder?.lose(new DOMException("the lock was stolen", "AbortError"));
            this.holder = entry;
            entry.take();
          } else {
            this.queue.push(entry);
            if (this.holder === undefined) this.next();
          }
        }),
    };
  }
}

export class TestTab {
  client!: TestClient;
  visible = true;
  private frozen = false;
  private crashed = false;
  private readonly held: (() => void)[] = [];
  private listener: ((message: TabMessage) => void) | undefined;

  constructor(
    private readonly browser: TestBrowser,
    private readonly network: Fetch,
  ) {}

  get app() {
    return this.client.app;
  }

  readonly channel: TabChannel = {
    post: message => {
      if (!this.crashed && !this.frozen) this.browser.deliver(this, message);
    },
    listen: listener => {
      this.listener = listener;
    },
    close: () => this.browser.left(this),
  };

  /** Nothing leaves or reaches a tab that crashed; a frozen one gets its answers when it thaws. */
  readonly fetch: Fetch = async (url, init) => {
    if (this.crashed) return await new Promise<Response>(() => undefined);
    await new Promise<void>(resolve => this.whenThawed(resolve));
    const response = await this.network(url, init);
    if (this.crashed) return await new Promise<Response>(() => undefined);
    await new Promise<void>(resolve => this.whenThawed(resolve));
    return response;
  };

  receive(message: TabMessage): void {
    setImmediate(() => this.whenThawed(() => this.listener?.(message)));
  }

  whenThawed(work: () => void): void {
    if (this.crashed) return;
    if (this.frozen) this.held.push(work);
    else work();
  }

  crash(): void {
    this.crashed = true;
    this.browser.gone(this);
  }

  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = false;
    for (const work of this.held.splice(0)) work();
  }
}
