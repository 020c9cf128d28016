/**
 * The bridge to the app or site around the page, version 1. Messages are one JSON text each and
 * carry codes only: a bridge reaches every frame of a web view, so no token, no name and nothing
 * about health goes over it.
 */

/** Events a host hears of. */
export type HostEvent = "ready" | "ended" | "error" | "state";

/** What a host is sent, as JSON text. */
export interface HostMessage {
  readonly event: HostEvent;
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly version: 1;
}

interface Channel {
  postMessage(text: string): void;
}

/** The globals by which hosts make themselves known; each may be missing. */
export interface HostScope {
  readonly ChimeHandler?: Channel;
  readonly flutter_inappwebview?: { callHandler?(name: string, text: string): unknown };
  readonly ReactNativeWebView?: Channel;
  readonly webkit?: { readonly messageHandlers?: Readonly<Record<string, Channel | undefined>> };
  readonly parent?: { postMessage(text: string, origin: string): void };
  readonly location?: { readonly ancestorOrigins?: ArrayLike<string> };
  addEventListener?(name: string, listener: () => void): void;
}

/** Sends to every host that is there. */
export interface Host {
  send(event: HostEvent, data: string): void;
}

/** A host that throws must not end a call. */
function quietly(action: () => unknown): void {
  try {
    action();
  } catch {
    // The next host may still listen.
  }
}

function toWebViews(scope: HostScope, text: string): void {
  quietly(() => scope.ReactNativeWebView?.postMessage(text));
  const handlers = scope.webkit?.messageHandlers;
  // webview_flutter on iOS offers one channel under both names: a host must hear each message once.
  if (scope.ChimeHandler !== undefined) quietly(() => scope.ChimeHandler?.postMessage(text));
  else quietly(() => (handlers?.ChimeHandler ?? handlers?.chimeHandler)?.postMessage(text));
}

function toParent(scope: HostScope, origins: readonly string[], text: string): void {
  const parent = scope.parent;
  if (parent === undefined || parent as unknown === scope) return;
  // Where the browser says who frames the page, nobody else is tried: a wrong target logs an error.
  const framing = scope.location?.ancestorOrigins?.[0];
  for (const origin of origins) {
    if (framing === undefined || framing === origin) {
      quietly(() => parent.postMessage(text, origin));
    }
  }
}

/**
 * @param origins web origins that may frame the page and hear it
 * @param now milliseconds since 1970
 */
export function createHost(scope: HostScope, origins: readonly string[], now: () => number): Host {
  const queued: string[] = [];
  const toInAppWebView = (text: string) => {
    const bridge = scope.flutter_inappwebview;
    if (typeof bridge?.callHandler === "function") {
      quietly(() => bridge.callHandler?.("ChimeHandler", text));
    } else if (queued.length < 100) queued.push(text);
  };
  // Its function can come after the page's first words: those wait for the plugin's own event.
  scope.addEventListener?.("flutterInAppWebViewPlatformReady", () => {
    queued.splice(0).forEach(toInAppWebView);
  });
  return {
    send(event, data) {
      const message: HostMessage = { event, data, timestamp: now(), version: 1 };
      const text = JSON.stringify(message);
      toWebViews(scope, text);
      toInAppWebView(text);
      toParent(scope, origins, text);
    },
  };
}
