/**
 * Sends events to the app or site that embeds the page (bridge version 1). Each message is one JSON
 * text. A bridge reaches every frame of a web view, so messages contain no tokens, names or health
 * data. See `chime-page.d.ts` for the events.
 */
import type { PageEventName, PageEvents } from "./chime-page.d.ts";

interface Channel {
  postMessage(text: string): void;
}

/** Globals through which hosts receive messages. Each may be missing. */
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

/** Whether the page seems to be embedded in an app, or in a site from one of `origins`. */
export function hasHost(scope: HostScope, origins: readonly string[]): boolean {
  const channels: readonly string[] = ["ChimeHandler", "chimeHandler", "FlutterChannel"];
  return scope.ReactNativeWebView !== undefined || scope.flutter_inappwebview !== undefined ||
    scope.ChimeHandler !== undefined || scope.FlutterChannel !== undefined ||
    channels.some((name) => scope.webkit?.messageHandlers?.[name] !== undefined) ||
    origins.length > 0 && scope.parent as unknown !== scope;
}

/** Sends events to every host that is present. */
export interface Host {
  /** Sends an event. Repeated `ended` events are dropped until the next `ready`. */
  send<Name extends PageEventName>(event: Name, data: PageEvents[Name]): void;
}

export interface HostOptions {
  /** Origins of sites that may embed the page and receive its events. */
  readonly origins: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Translates an event for the older app that listens on `FlutterChannel`; null sends nothing. */
  readonly legacy?: (event: PageEventName, data: unknown) => string | null;
}

/** Runs `action` and ignores errors and rejections: a faulty host must not end a call. */
function ignoreErrors(action: () => unknown): void {
  try {
    Promise.resolve(action()).catch(() => undefined);
  } catch {
    // Other hosts still get the message.
  }
}

type ChannelName = "ChimeHandler" | "FlutterChannel";

function toChannel(scope: HostScope, name: ChannelName, text: string): void {
  const handlers = scope.webkit?.messageHandlers;
  // webview_flutter on iOS exposes one channel under both names: send each message only once.
  // Objects injected by Android reject detached methods, so postMessage is called on its object.
  if (scope[name] !== undefined) ignoreErrors(() => scope[name]?.postMessage(text));
  else if (handlers?.[name] !== undefined) ignoreErrors(() => handlers[name]?.postMessage(text));
  else ignoreErrors(() => handlers?.[name[0]?.toLowerCase() + name.slice(1)]?.postMessage(text));
}

function toParent(scope: HostScope, origins: readonly string[], text: string): void {
  const parent = scope.parent;
  if (parent === undefined || parent as unknown === scope) return;
  // A wrong target origin logs an error, so skip the others if the browser reveals the ancestor.
  const ancestor = scope.location?.ancestorOrigins?.[0];
  for (const origin of origins) {
    if (ancestor === undefined || ancestor === origin) {
      ignoreErrors(() => parent.postMessage(text, origin));
    }
  }
}

/** Opens the bridge. Messages for flutter_inappwebview are queued until that plugin is ready. */
export function createHost(scope: HostScope, options: HostOptions): Host {
  const queued: [ChannelName, string][] = [];
  let ended = false;
  const toInAppWebView = (name: ChannelName, text: string) => {
    const bridge = scope.flutter_inappwebview;
    if (typeof bridge?.callHandler === "function") {
      ignoreErrors(() => bridge.callHandler?.(name, text));
    } else if (queued.length < 100) queued.push([name, text]);
  };
  // callHandler may be injected after the page sends its first messages.
  scope.addEventListener?.("flutterInAppWebViewPlatformReady", () => {
    queued.splice(0).forEach(([name, text]) => toInAppWebView(name, text));
  });
  const sendTo = (name: ChannelName, text: string) => {
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
      ignoreErrors(() => scope.ReactNativeWebView?.postMessage(text));
      sendTo("ChimeHandler", text);
      const legacy = options.legacy?.(event, data);
      if (legacy) sendTo("FlutterChannel", legacy);
    },
  };
}
