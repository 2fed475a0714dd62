/**
 * Keeps the page's own files, so that it opens when the server cannot be reached. The network is asked first:
 * an answer is shown and kept, and what was kept is shown only when there is none. Data is not its business.
 */
const worker = globalThis as unknown as WorkerScope;

/** As much of ServiceWorkerGlobalScope as is used; the DOM's types, which the page needs, know no worker. */
interface WorkerScope {
  addEventListener(type: "install" | "activate", listener: (event: LifecycleEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchedEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}
interface LifecycleEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchedEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

/** Put here by the build: where they are kept, and the page's files, by their address from where this worker is. */
declare const CACHE: string;
declare const FILES: readonly string[];

const ADDRESSES = FILES.map(file => new URL(file, location.href).href);

worker.addEventListener("install", event => {
  const keep = caches.open(CACHE).then(cache => cache.addAll(ADDRESSES));
  event.waitUntil(keep.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", event => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const ours = request.method === "GET" && ADDRESSES.includes(origin + pathname);
  if (ours) event.respondWith(networkFirst(request));
});

async function networkFirst(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept === undefined) throw error;
    return kept;
  }
}
