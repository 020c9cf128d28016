/**
 * Waits for the two files that a call needs beside the document: the SDK and the call's own part of
 * the client. The document asks for both by itself, with integrity; a file that fails is asked for
 * again by itself a few times, and one that hangs elsewhere. Each attempt at both has a deadline; a
 * file that comes after it is still welcome.
 */
import type { Sdk } from "../media/sdk.ts";

/** Codes of a failed attempt, as hosts hear them. */
export type LoadFailure = "SDK_LOAD_FAILED" | "SDK_TIMEOUT";

/** Both files have run. */
export interface Loaded<File> {
  readonly sdk: Sdk;
  readonly file: File;
}

/** What loading came to. */
export type LoadResult<File> =
  | { readonly ok: true; readonly loaded: Loaded<File> }
  | { readonly ok: false; readonly failure: LoadFailure };

/** Loads both files once, however often they are asked for. */
export interface Loader<File> {
  /** How often a file was asked for again, and whether any was asked for elsewhere: telemetry. */
  readonly effort: { readonly again: number; readonly elsewhere: boolean };
  /**
   * The current attempt's result, at the latest after the deadline. Where it has failed by now, that
   * of a new one, which gives up on what is under way and asks anew for what is missing.
   */
  attempt(): Promise<LoadResult<File>>;
  /** Fulfilled when both are there, however late. */
  readonly arrived: Promise<Loaded<File>>;
}

/** How loading is limited. */
export interface LoaderOptions {
  /** Milliseconds that one attempt may take. */
  readonly timeoutMs: number;
  /** The SDK's bytes at another origin. */
  readonly fallbackUrl?: string;
}

/** Before a file is asked for again where it just failed; after the last one the attempt has failed. */
const PAUSES_MS = [1_000, 3_000];

/**
 * Starts to listen. Must run before the parser meets the script elements: load and error do not
 * bubble, so they are caught on their way down.
 * @param bundle what the in-call bundle has put into the page, once it has run
 * @param unpack takes that, which is of use without the SDK too; maybe more than once
 */
export function createLoader<File>(
  page: Document,
  { timeoutMs, fallbackUrl }: LoaderOptions,
  bundle: () => File | undefined,
  unpack: (file: File) => void,
): Loader<File> {
  let again = 0;
  let elsewhere = false;
  let attempts = 0;
  let settle: (result: LoadResult<File>) => void = () => undefined;
  let current: Promise<LoadResult<File>>;
  let failed = false;
  let welcome: (loaded: Loaded<File>) => void = () => undefined;
  const arrived = new Promise<Loaded<File>>((resolve) => welcome = resolve);
  const fail = (failure: LoadFailure) => {
    failed = true;
    settle({ ok: false, failure });
  };

  function look(): void {
    const [sdk, file] = [globalThis.ChimeSDK, bundle()];
    if (file === undefined) return;
    unpack(file);
    if (sdk === undefined) return;
    const loaded = { sdk, file };
    welcome(loaded);
    settle({ ok: true, loaded });
    // An attempt that had failed by then is over: whoever asks from now on gets both.
    current = Promise.resolve({ ok: true, loaded });
    failed = false;
  }

  /** Runs it then, unless a new attempt has begun. */
  function later(milliseconds: number, run: () => void): void {
    const mine = attempts;
    setTimeout(() => mine === attempts && run(), milliseconds);
  }

  function follow(id: string, there: () => unknown, other?: string) {
    let source: HTMLScriptElement | null = null;
    let failures = 0;
    let switched = false;
    /** Asks for the same bytes; a query keeps a broken copy in the cache from being used again. */
    const ask = (url?: string) => {
      again++;
      source ??= page.getElementById(id) as HTMLScriptElement | null;
      if (source === null) return;
      const script = page.createElement("script");
      Object.assign(script, {
        id,
        async: true,
        crossOrigin: "anonymous",
        integrity: source.integrity,
        src: url ?? `${source.src}?retry=${again}`,
      });
      page.body.appendChild(script);
    };
    const askOther = () => {
      if (other === undefined || switched) return false;
      switched = elsewhere = true;
      ask(other);
      return true;
    };
    const heard = ({ type, target }: Event) => {
      if (!(target instanceof HTMLScriptElement) || target.id !== id) return;
      // A classic script has run when its load event comes: nothing there now means a wrong file.
      if (type === "load" && there()) return look();
      source ??= target;
      target.remove();
      if (askOther()) return;
      const pause = PAUSES_MS[failures++];
      if (pause === undefined) return fail("SDK_LOAD_FAILED");
      later(pause, () => ask());
    };
    page.addEventListener("load", heard, true);
    page.addEventListener("error", heard, true);
    return {
      begin() {
        failures = 0;
        switched = false;
        // An origin that says nothing is left late: one that is only slow would share its line with
        // the other one from then on.
        later(timeoutMs * 2 / 3, () => there() || askOther());
      },
      ask: () => there() || ask(),
    };
  }
  const files = [
    follow("chime-sdk", () => globalThis.ChimeSDK, fallbackUrl),
    follow("call-part", bundle),
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
    // A host may have put the SDK there itself.
    look();
  }
  begin();
  return {
    get effort() {
      return { again, elsewhere };
    },
    attempt() {
      if (failed) {
        begin();
        files.forEach((file) => file.ask());
      }
      return current;
    },
    arrived,
  };
}
