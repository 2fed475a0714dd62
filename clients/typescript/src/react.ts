/**
 * React hooks over a client: `celeriant/react`. Each re-renders its component when what it returns changed, and only
 * then. React itself is the application's.
 */
import {
  createContext,
  createElement,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from "react";
import type { Celeriant } from "./celeriant.js";
import type { JsonValue, Status } from "./model.js";
import type { PresenceMessage } from "./protocol/subscription.js";
import type { Projection, ProjectionOf } from "./state/projection.js";
import type { AppendHandle } from "./sync/append-handle.js";
import type { AnyEvents, AppliedOf, EventOf, RegisterOf } from "./typed-events.js";
import type { AggregateView } from "./view.js";

const CeleriantContext = createContext<Celeriant<never> | undefined>(undefined);

/**
 * Gives the components below it a client.
 *
 * @example
 * ```ts
 * const app = await connect({ url, org });
 * createRoot(element).render(createElement(CeleriantProvider, { app }, createElement(Board)));
 * ```
 */
export function CeleriantProvider(props: { readonly app: unknown; readonly children?: ReactNode }): ReactElement {
  return createElement(CeleriantContext.Provider, { value: props.app as Celeriant<never> }, props.children);
}

/** The client that the nearest `CeleriantProvider` gives. */
export function useCeleriant<E extends object = AnyEvents>(): Celeriant<E> {
  const app = useContext(CeleriantContext);
  if (app === undefined) throw new Error("no CeleriantProvider above this component");
  return app as unknown as Celeriant<E>;
}

/** How the client is: connected or not, how much is pending, what was rejected. */
export function useStatus(): Status {
  const app = useCeleriant();
  return useChanging(
    useCallback(listener => app.onStatus(listener), [app]),
    () => app.status,
    (one, other) => JSON.stringify(one) === JSON.stringify(other),
  );
}

/** A function that appends; the same one for the life of the component. */
export function useAppend<E extends object = AnyEvents>(): (
  events: EventOf<E> | readonly EventOf<E>[],
) => AppendHandle {
  const app = useCeleriant<E>();
  return useCallback(events => app.append(events), [app]);
}

/**
 * Opens an aggregate for the life of the component. Undefined until it is open, which takes a look into the buffer and
 * no network; what follows re-renders by the other hooks.
 */
export function useAggregate<E extends object = AnyEvents>(aggregate: string): AggregateView<E> | undefined {
  const app = useCeleriant<E>();
  const [opened, setOpened] = useState<{ readonly view?: AggregateView<E>; readonly failure?: unknown }>({});
  useEffect(() => {
    let over = false;
    let mine: AggregateView<E> | undefined;
    app.open(aggregate).then(
      view => {
        if (over) view.close();
        else setOpened({ view: (mine = view) });
      },
      (failure: unknown) => {
        if (!over) setOpened({ failure });
      },
    );
    return () => {
      over = true;
      mine?.close();
      setOpened({});
    };
  }, [app, aggregate]);
  if (opened.failure !== undefined) throw opened.failure;
  return opened.view?.aggregate === aggregate ? opened.view : undefined;
}

/** All registers of an aggregate, what is pending included: a new map after every change. */
export function useRegisters<E extends object = AnyEvents>(
  view: AggregateView<E> | undefined,
): ReadonlyMap<string, RegisterOf<E>> {
  const revision = useRevision(view);
  // The view keeps its map up to date in place; a component wants one that does not change under it.
  return useMemo(() => new Map(view?.registers), [view, revision]);
}

/** One register: cheaper than all of them, where a component shows only this one. */
export function useRegister<E extends object = AnyEvents>(
  view: AggregateView<E> | undefined,
  key: string,
): RegisterOf<E> | undefined {
  return useSyncExternalStore(
    useCallback(listener => view?.subscribe(({ keys }) => keys.has(key) && listener()) ?? nothingToStop, [view, key]),
    () => view?.registers.get(key),
    () => view?.registers.get(key),
  );
}

/**
 * A state of your own: the fold of the aggregate's events, pending ones on top. `of` is taken when the view is opened;
 * another one later has no effect.
 */
export function useProjection<S, E extends object = AnyEvents>(
  view: AggregateView<E> | undefined,
  of: ProjectionOf<S, AppliedOf<E>>,
): S {
  const first = useRef(of);
  const [projection, setProjection] = useState<Projection<S>>();
  useEffect(() => {
    if (view === undefined) return;
    const mine = view.project<S>(first.current);
    setProjection(mine);
    return () => {
      mine.close();
      setProjection(undefined);
    };
  }, [view]);
  const initial = useMemo(() => {
    const { initial: start } = first.current;
    return typeof start === "function" ? (start as () => S)() : start;
  }, []);
  const state = () => projection?.state ?? initial;
  return useSyncExternalStore(
    useCallback(listener => projection?.subscribe(listener) ?? nothingToStop, [projection]),
    state,
    state,
  );
}

/** What others, and this client itself, show of themselves on an aggregate now, by client and instance. */
export function usePresence(aggregate: string): ReadonlyMap<string, PresenceMessage> {
  const app = useCeleriant();
  const [present, setPresent] = useState<ReadonlyMap<string, PresenceMessage>>(new Map());
  useEffect(() => {
    setPresent(new Map());
    return app.onPresence(message => {
      if (message.aggregate !== aggregate) return;
      setPresent(before => {
        const now = new Map(before);
        const name = `${message.client}/${message.instance}`;
        if (message.data === null) now.delete(name);
        else now.set(name, message);
        return now;
      });
    });
  }, [app, aggregate]);
  return present;
}

/** A function that shows something of this tab to the others on an aggregate; null takes it away. */
export function usePutPresence(aggregate: string): (data: JsonValue) => Promise<void> {
  const app = useCeleriant();
  return useCallback(data => app.putPresence(aggregate, data), [app, aggregate]);
}

function useRevision<E extends object>(view: AggregateView<E> | undefined): number {
  const revision = () => view?.revision ?? 0;
  return useSyncExternalStore(
    useCallback(listener => view?.subscribe(listener) ?? nothingToStop, [view]),
    revision,
    revision,
  );
}

/** A value that is made anew whenever it is asked for, as one that changes only when it differs. */
function useChanging<T>(
  subscribe: (listener: () => void) => () => void,
  read: () => T,
  same: (one: T, other: T) => boolean,
): T {
  const last = useRef<{ readonly value: T }>(undefined);
  const current = () => {
    const value = read();
    if (last.current === undefined || !same(last.current.value, value)) last.current = { value };
    return last.current.value;
  };
  return useSyncExternalStore(subscribe, current, current);
}

function nothingToStop(): void {}
