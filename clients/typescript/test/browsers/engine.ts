/** What a test needs of a browser, whatever drives it. */

/** Real time for a browser to start, and for a page to answer: longer than what pages themselves wait for. */
export const PATIENCE_MS = 120_000;

export interface Tab {
  /** Runs the body of an async function in the page and returns what it returns, as JSON. */
  run<T = unknown>(body: string, ...given: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
  /** Nothing runs in it any more, and what it holds it keeps. */
  freeze?(): Promise<void>;
  /** What was frozen runs again. */
  thaw?(): Promise<void>;
  /** Another page is shown in it. */
  goTo?(url: string): Promise<void>;
  /** The page before is shown again, as it was if the browser kept it. */
  goBack?(): Promise<void>;
  /** Its process ends. */
  crash?(): Promise<void>;
}

export interface Browser {
  open(url: string): Promise<Tab>;
  /** Ends the process with all its tabs at once, as a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** What is missing to run it; undefined: nothing. */
  readonly missing: string | undefined;
  /** @param isPrivate whether its windows are private ones, of which nothing is kept */
  start(profile: string, isPrivate?: boolean): Promise<Browser>;
  /** What can be done to a tab beside closing it. */
  readonly ends?: readonly ("freeze" | "crash")[];
  /** Whether a page that is left is kept as it is, to be shown again, though it holds a Web Lock. */
  readonly keepsPages: boolean;
  /** Whether a profile outlives its browser. */
  readonly keepsProfile: boolean;
}
