/**
 * Waits for the two scripts that a call needs: the SDK and the in-call bundle. The document
 * contains script elements for both, with integrity. A file that fails is requested again a few
 * times, and an SDK file that fails or hangs is requested from the fallback URL. Each attempt has a
 * deadline, but files that arrive later are still used.
 */
import type { Sdk } from "../media/sdk.ts";

/** Codes of a failed attempt, as sent to hosts. */
export type LoadFailure = "SDK_LOAD_FAILED" | "SDK_TIMEOUT";

/** The globals of both files. */
export interface Loaded<File> {
  readonly sdk: Sdk;
  readonly file: File;
}

export type LoadResult<File> =
  | { readonly ok: true; readonly loaded: Loaded<File> }
  | { readonly ok: false; readonly failure: LoadFailure };

/** Loads both files. */
export interface Loader<File> {
  /** For telemetry: the number of repeated requests, and whether the fallback URL was used. */
  readonly effort: { readonly again: number; readonly elsewhere: boolean };
  /**
   * Returns the result of the current attempt, at the latest after the deadline. If that attempt
   * has failed, starts a new one, which requests the missing files again.
   */
  attempt(): Promise<LoadResult<File>>;
  /** Resolves when both files are loaded, however late. */
  readonly arrived: Promise<Loaded<File>>;
}

export interface LoaderOptions {
  /** Deadline of one attempt in milliseconds. */
  readonly timeoutMs: number;
  /** The same SDK file at another origin. */
  readonly fallbackUrl?: string;
}

/** Delays before each retry. When a file fails after the last one, so does the attempt. */
const RETRY_DELAYS_MS = [1_000, 3_000];

/**
 * Starts listening. Must run before the document's script elements are parsed. `load` and `error`
 * events do not bubble, so they are captured. Not divided into smaller functions, because that
 * adds bytes to the document.
 * @param bundle returns the global of the in-call bundle, once that has run
 * @param install called when the in-call bundle has run, even without the SDK; may be called again
 */
export function createLoader<File>(
  page: Document,
  { timeoutMs, fallbackUrl }: LoaderOptions,
  bundle: () => File | undefined,
  install: (file: File) => void,
): Loader<File> {
  let retries = 0;
  let usedFallback = false;
  let attempts = 0;
  let settle: (result: LoadResult<File>) => void = () => undefined;
  let current: Promise<LoadResult<File>>;
  let failed = false;
  let resolveArrived: (loaded: Loaded<File>) => void = () => undefined;
  const arrived = new Promise<Loaded<File>>((resolve) => resolveArrived = resolve);
  const fail = (failure: LoadFailure) => {
    failed = true;
    settle({ ok: false, failure });
  };

  function checkLoaded(): void {
    const [sdk, file] = [globalThis.ChimeSDK, bundle()];
    if (file === undefined) return;
    install(file);
    if (sdk === undefined) return;
    const loaded = { sdk, file };
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

  function watchScript(id: string, isLoaded: () => unknown, fallback?: string) {
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
    watchScript("call-part", bundle),
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
