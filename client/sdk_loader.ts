/**
 * Waits for the SDK's script, which the document loads by itself with integrity. Each attempt has a
 * deadline; a file that comes after it is still welcome.
 */
import type { Sdk } from "./sdk.ts";

/** Codes of a failed attempt, as hosts hear them. */
export type SdkFailure = "SDK_LOAD_FAILED" | "SDK_TIMEOUT";

/** What loading came to. */
export type SdkResult =
  | { readonly ok: true; readonly sdk: Sdk }
  | { readonly ok: false; readonly failure: SdkFailure };

/** Loads the SDK once, however often it is asked for. */
export interface SdkLoader {
  /** The current attempt's result, at the latest after the deadline. */
  attempt(): Promise<SdkResult>;
  /** Gives up on the script that is there, and asks for the file again. */
  retry(): void;
  /** Fulfilled when the SDK is there, however late. */
  readonly arrived: Promise<Sdk>;
}

/** The file and how long one attempt may take. */
export interface SdkSource {
  readonly url: string;
  readonly integrity: string;
  readonly timeoutMs: number;
  /** The same bytes at another origin: asked by itself when the first one fails, once. */
  readonly fallbackUrl?: string;
}

const SCRIPT_ID = "chime-sdk";

/** A new script element for the same bytes; a query keeps a broken copy in the cache from being used again. */
function askAgain(page: Document, { integrity }: SdkSource, url: string): void {
  page.getElementById(SCRIPT_ID)?.remove();
  const script = page.createElement("script");
  script.id = SCRIPT_ID;
  script.async = true;
  script.crossOrigin = "anonymous";
  script.integrity = integrity;
  script.src = url;
  page.body.appendChild(script);
}

/**
 * Starts to listen. Must run before the parser meets the script element: load and error do not
 * bubble, so they are caught on their way down.
 */
export function createSdkLoader(page: Document, source: SdkSource): SdkLoader {
  let attempts = 0;
  let fallback = source.fallbackUrl;
  let settle: (result: SdkResult) => void = () => undefined;
  let current: Promise<SdkResult>;
  let welcome: (sdk: Sdk) => void = () => undefined;
  const arrived = new Promise<Sdk>((resolve) => welcome = resolve);

  const begin = () => {
    current = new Promise((resolve) => {
      const timer = setTimeout(() => fail("SDK_TIMEOUT"), source.timeoutMs);
      settle = (result) => {
        clearTimeout(timer);
        resolve(result);
      };
    });
  };
  const fail = (failure: SdkFailure) => settle({ ok: false, failure });
  const failedFile = () => {
    if (fallback === undefined) return fail("SDK_LOAD_FAILED");
    askAgain(page, source, fallback);
    fallback = undefined;
  };
  const look = () => {
    const sdk = globalThis.ChimeSDK;
    if (sdk === undefined) return false;
    welcome(sdk);
    settle({ ok: true, sdk });
    // An attempt that had failed by then is over: whoever asks from now on gets the SDK.
    current = Promise.resolve({ ok: true, sdk });
    return true;
  };

  const isSdk = (event: Event) => event.target instanceof Element && event.target.id === SCRIPT_ID;
  page.addEventListener("load", (event) => {
    // A classic script has run when its load event comes: no SDK now means a wrong file.
    if (isSdk(event) && !look()) failedFile();
  }, true);
  page.addEventListener("error", (event) => {
    if (isSdk(event)) failedFile();
  }, true);

  begin();
  // A host may have put the SDK there itself.
  look();
  return {
    attempt: () => current,
    arrived,
    retry() {
      begin();
      fallback = source.fallbackUrl;
      if (!look()) askAgain(page, source, `${source.url}?retry=${++attempts}`);
    },
  };
}
