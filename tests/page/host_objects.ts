/** The objects by which host apps talk to a page. */

/**
 * Puts into the page what the plugin of a host puts there, and as strict: the objects of Android and
 * WebKit refuse detached calls, and all of them take exactly one string. Runs in the page.
 */
export function injectHost(host: string): void {
  const heard: string[] = [];
  const scope = globalThis as unknown as Record<string, unknown>;
  scope["heard"] = heard;
  class Native {
    #name: string;
    constructor(name: string) {
      this.#name = name;
    }
    postMessage(...values: unknown[]): void {
      // Reading a private name throws in a detached call, as the injected objects do.
      const name = this.#name;
      if (values.length !== 1 || typeof values[0] !== "string") throw new TypeError(name);
      heard.push(values[0]);
    }
  }
  const handlers = (name: string) => ({ messageHandlers: { [name]: new Native(name) } });
  const call = (reply: () => Promise<unknown>) => (name: string, ...values: unknown[]) => {
    if (name !== "ChimeHandler") throw new Error(`no handler ${name}`);
    heard.push(String(values[0]));
    return reply();
  };
  switch (host) {
    case "webview_flutter on Android":
      scope["ChimeHandler"] = new Native("ChimeHandler");
      break;
    case "webview_flutter on iOS": {
      const webkit = handlers("ChimeHandler");
      Object.assign(scope, { webkit, ChimeHandler: webkit.messageHandlers["ChimeHandler"] });
      break;
    }
    case "flutter_inappwebview, ready at once":
      scope["flutter_inappwebview"] = { callHandler: call(() => Promise.resolve(null)) };
      break;
    case "flutter_inappwebview whose Dart side throws":
      scope["flutter_inappwebview"] = {
        callHandler: call(() => Promise.reject(new Error("Dart"))),
      };
      break;
    case "flutter_inappwebview, ready late":
      scope["flutter_inappwebview"] = {};
      scope["becomeReady"] = () => {
        Object.assign(scope["flutter_inappwebview"] as object, {
          callHandler: call(() => Promise.resolve(null)),
        });
        dispatchEvent(new Event("flutterInAppWebViewPlatformReady"));
      };
      break;
    case "React Native on Android":
      scope["ReactNativeWebView"] = new Native("ReactNativeWebView");
      break;
    case "React Native on iOS": {
      // Its channel is a wrapper; the handler behind it must not get the message a second time.
      const webkit = handlers("ReactNativeWebView");
      const native = webkit.messageHandlers["ReactNativeWebView"];
      scope["webkit"] = webkit;
      scope["ReactNativeWebView"] = Object.freeze({
        postMessage: (data: unknown) => native?.postMessage(String(data)),
      });
      break;
    }
    case "WKWebView":
      scope["webkit"] = handlers("ChimeHandler");
      break;
  }
}

/** The hosts that {@link injectHost} knows. */
export const HOSTS: readonly string[] = [
  "webview_flutter on Android",
  "webview_flutter on iOS",
  "flutter_inappwebview, ready at once",
  "flutter_inappwebview whose Dart side throws",
  "flutter_inappwebview, ready late",
  "React Native on Android",
  "React Native on iOS",
  "WKWebView",
  "none",
];
