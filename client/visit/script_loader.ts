/**
 * Waits for the scripts that a call needs: the SDK, the lobby bundle and the in-call bundle. The
 * document contains script elements for them, with integrity. A file that fails is requested again a few
 * times, and an SDK file that fails or hangs is requested from the fallback URL. Each attempt has a
 * deadline, but files that arrive later are still used.
 */

declare global {
  /** Scripts that failed before the client ran, written by `entries/early.js`. */
  var failedEarly: readonly Element[] | undefined;
}

/** Codes of a failed attempt, as sent to hosts. */
export type LoadFailure = "SDK_LOAD_FAILED" | "SDK_TIMEOUT";

export type LoadResult<Files> =
  | { readonly ok: true; readonly loaded: Files }
  | { readonly ok: false; readonly failure: LoadFailure };

/** Loads the files. */
export interface Loader<Files> {
  /** For telemetry: the number of repeated requests, and whether the fallback URL was used. */
  readonly effort: { readonly again: number; readonly elsewhere: boolean };
  /**
   * Returns the result of the current attempt, at the latest after the deadline. If that attempt
   * has failed, starts a new one, which requests the missing files again.
   */
  attempt(): Promise<LoadResult<Files>>;
  /** Resolves when all files are loaded, however late. */
  readonly arrived: Promise<Files>;
}

export interface LoaderOptions {
  /** Deadline of one attempt in milliseconds. */
  readonly timeoutMs: number;
  /** The same SDK file at another origin. */
  readonly fallbackUrl?: string;
}

/** Delays before each retry. When a file fails after the last one, so does the attempt. */
const RETRY_DELAYS_MS = [1_000, 3_000];

/** Returns the global that a script sets; undefined until it has run. */
type Global = () => unknown;

/**
 * Starts listening, and repeats the errors that came before. `load` and `error` events do not bubble,
 * so they are captured. Not divided into smaller functions, because that adds bytes to the document.
 * @param bundles the globals of the bundles, by the ids of their script elements
 * @param collect called when a script has run; returns the files once all of them are there
 */
export function createLoader<Files>(
  page: Document,
  { timeoutMs, fallbackUrl }: LoaderOptions,
  bundles: Readonly<Record<string, Global>>,
  collect: () => Files | undefined,
): Loader<Files> {
  let retries = 0;
  let usedFallback = false;
  let attempts = 0;
  let settle: (result: LoadResult<Files>) => void = () => undefined;
  let current: Promise<LoadResult<Files>>;
  let failed = false;
  let resolveArrived: (loaded: Files) => void = () => undefined;
  const arrived = new Promise<Files>((resolve) => resolveArrived = resolve);
  const fail = (failure: LoadFailure) => {
    failed = true;
    settle({ ok: false, failure });
  };

  function checkLoaded(): void {
    const loaded = collect();
    if (loaded === undefined) return;
    resolveArrived(loaded);
    settle({ ok: true, loaded });
    // The current attempt may have failed already; from now on it has succeeded.
    current = Promise.resolve({ ok: true, loaded });
    failed = false;
  }

  /** Calls `run` after a delay, unless a new attempt has started by then. */
  function later(milliseconds: number, run: () => void): void {
    const mine = attempts;
    setTimeout(() => mine === attempts && run(), milliseconds);
  }

  function watchScript(id: string, isLoaded: Global, fallback?: string) {
    let source: HTMLScriptElement | null = null;
    let failures = 0;
    let fallbackTried = false;
    /** Requests the file again. The query bypasses a broken copy in the cache. */
    const request = (url?: string) => {
      retries++;
      source ??= page.getElementById(id) as HTMLScriptElement | null;
      if (source === null) return;
      const script = page.createElement("script");
      Object.assign(script, {
        id,
        async: true,
        crossOrigin: "anonymous",
        integrity: source.integrity,
        src: url ?? `${source.src}?retry=${retries}`,
      });
      page.body.appendChild(script);
    };
    const tryFallback = () => {
      if (fallback === undefined || fallbackTried) return false;
      fallbackTried = usedFallback = true;
      request(fallback);
      return true;
    };
    const onResult = ({ type, target }: Event) => {
      if (!(target instanceof HTMLScriptElement) || target.id !== id) return;
      // A classic script has run by the time of its load event. If its global is missing, the file
      // is wrong.
      if (type === "load" && isLoaded()) return checkLoaded();
      source ??= target;
      target.remove();
      if (tryFallback()) return;
      const delay = RETRY_DELAYS_MS[failures++];
      if (delay === undefined) return fail("SDK_LOAD_FAILED");
      later(delay, () => request());
    };
    page.addEventListener("load", onResult, true);
    page.addEventListener("error", onResult, true);
    return {
      begin() {
        failures = 0;
        fallbackTried = false;
        // Late, because a file that is only slow would then share its bandwidth with the fallback.
        later(timeoutMs * 2 / 3, () => isLoaded() || tryFallback());
      },
      retry: () => isLoaded() || request(),
    };
  }
  const files = [
    watchScript("chime-sdk", () => globalThis.ChimeSDK, fallbackUrl),
    ...Object.entries(bundles).map(([id, global]) => watchScript(id, global)),
  ];

  function begin(): void {
    attempts++;
    failed = false;
    current = new Promise((resolve) => {
      const timer = setTimeout(() => fail("SDK_TIMEOUT"), timeoutMs);
      settle = (result) => {
        clearTimeout(timer);
        resolve(result);
      };
    });
    files.forEach((file) => file.begin());
    // The host may have injected the SDK itself.
    checkLoaded();
  }
  begin();
  globalThis.failedEarly?.forEach((script) => script.dispatchEvent(new Event("error")));
  return {
    get effort() {
      return { again: retries, elsewhere: usedFallback };
    },
    attempt() {
      if (failed) {
        begin();
        files.forEach((file) => file.retry());
      }
      return current;
    },
    arrived,
  };
}
