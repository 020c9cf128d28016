/**
 * The bridge to the app or site around the page, version 1. Messages are one JSON text each and
 * carry codes only: a bridge reaches every frame of a web view, so no token, no name and nothing
 * about health goes over it. Events and their data: `chime-page.d.ts`.
 */
import type { PageEventName, PageEvents } from "./chime-page.d.ts";

interface Channel {
  postMessage(text: string): void;
}

/** The globals by which hosts make themselves known; each may be missing. */
export interface HostScope {
  readonly ChimeHandler?: Channel;
  readonly FlutterChannel?: Channel;
  readonly flutter_inappwebview?: { callHandler?(name: string, text: string): unknown };
  readonly ReactNativeWebView?: Channel;
  readonly webkit?: { readonly messageHandlers?: Readonly<Record<string, Channel | undefined>> };
  readonly parent?: { postMessage(text: string, origin: string): void };
  readonly location?: { readonly ancestorOrigins?: ArrayLike<string> };
  addEventListener?(name: string, listener: () => void): void;
}

/** Whether an app or a site around the page listens, as far as one can know. */
export function hasHost(scope: HostScope, origins: readonly string[]): boolean {
  const channels: readonly string[] = ["ChimeHandler", "chimeHandler", "FlutterChannel"];
  return scope.ReactNativeWebView !== undefined || scope.flutter_inappwebview !== undefined ||
    scope.ChimeHandler !== undefined || scope.FlutterChannel !== undefined ||
    channels.some((name) => scope.webkit?.messageHandlers?.[name] !== undefined) ||
    origins.length > 0 && scope.parent as unknown !== scope;
}

/** Sends to every host that is there. */
export interface Host {
  /** `ended` is sent once for each call, whoever asks how often: `ready` allows the next. */
  send<Name extends PageEventName>(event: Name, data: PageEvents[Name]): void;
}

/** What the bridge needs to know of its surroundings. */
export interface HostOptions {
  /** Web origins that may frame the page and hear it. */
  readonly origins: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The same event in the words of an older app, for its channel `FlutterChannel`; null: none. */
  readonly legacy?: (event: PageEventName, data: unknown) => string | null;
}

/** A host that throws, or refuses later, must not end a call. */
function quietly(action: () => unknown): void {
  try {
    Promise.resolve(action()).catch(() => undefined);
  } catch {
    // The next host may still listen.
  }
}

type ChannelName = "ChimeHandler" | "FlutterChannel";

function toChannel(scope: HostScope, name: ChannelName, text: string): void {
  const handlers = scope.webkit?.messageHandlers;
  // webview_flutter on iOS offers one channel under both names: a host must hear each message once.
  // Called on its owner: Android's injected objects refuse a detached method.
  if (scope[name] !== undefined) quietly(() => scope[name]?.postMessage(text));
  else if (handlers?.[name] !== undefined) quietly(() => handlers[name]?.postMessage(text));
  else quietly(() => handlers?.[name[0]?.toLowerCase() + name.slice(1)]?.postMessage(text));
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

/** Opens the bridge; hosts that come later hear what was said before, where they say that they came. */
export function createHost(scope: HostScope, options: HostOptions): Host {
  const queued: [ChannelName, string][] = [];
  let ended = false;
  const toInAppWebView = (name: ChannelName, text: string) => {
    const bridge = scope.flutter_inappwebview;
    if (typeof bridge?.callHandler === "function") {
      quietly(() => bridge.callHandler?.(name, text));
    } else if (queued.length < 100) queued.push([name, text]);
  };
  // Its function can come after the page's first words: those wait for the plugin's own event.
  scope.addEventListener?.("flutterInAppWebViewPlatformReady", () => {
    queued.splice(0).forEach(([name, text]) => toInAppWebView(name, text));
  });
  const say = (name: ChannelName, text: string) => {
    toChannel(scope, name, text);
    toInAppWebView(name, text);
    toParent(scope, options.origins, text);
  };
  return {
    send(event, data) {
      if (event === "ended") {
        if (ended) return;
        ended = true;
      } else if (event === "ready") ended = false;
      const message = { event, data, timestamp: options.now(), version: 1 };
      const text = JSON.stringify(message);
      quietly(() => scope.ReactNativeWebView?.postMessage(text));
      say("ChimeHandler", text);
      const old = options.legacy?.(event, data);
      if (old) say("FlutterChannel", old);
    },
  };
}
