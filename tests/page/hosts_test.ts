/// <reference lib="dom" />
import { deepEqual, equal, match } from "node:assert/strict";
import type { Browser } from "playwright-core";
import type { ChimePage, HostCommand } from "../../client/bridge/chime-page.d.ts";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser, newPhone, type Phone } from "../support/browser.ts";
import { serveVisit, until, visitData } from "./support.ts";

/**
 * What each plugin puts into the page, as strict as it is there: Android's injected objects refuse
 * detached calls, WebKit's handlers too, and all of them take exactly one text. Runs in the page.
 */
function inject(shape: string): void {
  const heard: string[] = [];
  const scope = globalThis as unknown as Record<string, unknown>;
  scope["heard"] = heard;
  class Native {
    #name: string;
    constructor(name: string) {
      this.#name = name;
    }
    postMessage(...values: unknown[]): void {
      // The private name makes a call without its owner throw, as the injected objects do.
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
  switch (shape) {
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
      // Its channel is a wrapper; the handler behind it must not hear the message again.
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

const SHAPES = [
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

const WAITING: Partial<VisitPageData> = { state: "waiting", join: null };

/** What every host must have heard, whatever else the page says of its states. */
function holds(texts: readonly string[]): void {
  const heard = read(texts);
  match(heard[0] ?? "", /^state /);
  const telling = heard.filter((line) => /^(answer|ended|error|ready)/.test(line));
  deepEqual(telling, [
    'answer {"id":1,"command":"back","handled":false}',
    "ended USER_LEFT",
  ]);
  deepEqual(heard.filter((line) => line.startsWith("keep-awake")), [
    'keep-awake {"on":true}',
    'keep-awake {"on":false}',
  ]);
  deepEqual(heard.filter((line) => line === "state left"), ["state left"]);
}

/** `event data` of each message, once its frame is as promised. */
function read(texts: readonly string[]): string[] {
  return texts.map((text) => {
    const { event, data, timestamp, version, ...rest } = JSON.parse(text);
    deepEqual([typeof timestamp, version, rest], ["number", 1, {}]);
    return `${event} ${typeof data === "string" ? data : JSON.stringify(data)}`;
  });
}

const send = (phone: Phone, command: HostCommand) =>
  phone.page.evaluate((message) => {
    const page = Reflect.get(globalThis, "chimePage") as ChimePage;
    return page.send(message);
  }, command);

/** A visit's whole conversation with one host of a web view. */
async function converse(browser: Browser, shape: string): Promise<void> {
  const visit = serveVisit((origin) =>
    visitData({ ...WAITING, api: { base: `${origin}/visit`, session: "s" } })
  );
  const phone = await newPhone(browser);
  try {
    await phone.page.addInitScript(inject, shape);
    await phone.page.goto(visit.url);
    await until("the first question", () => visit.calls.length > 0);
    const heard = () => phone.page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
    if (shape.endsWith("late")) {
      deepEqual(await heard(), []);
      await phone.page.evaluate(() => Reflect.get(globalThis, "becomeReady")());
    }
    equal(await send(phone, { command: "back", id: 1 }), false);
    // Neither a lobby nor a call yet: it is kept for the call.
    equal(await send(phone, { command: "mute" }), true);
    equal(await send(phone, { command: "leave" }), true);
    await send(phone, { command: "leave" });
    const texts = await heard();
    if (shape === "none") deepEqual(texts, []);
    else holds(texts);
    deepEqual(phone.errors, []);
  } finally {
    await phone.close();
    await visit.close();
  }
}

/** A site that frames the page, and what it heard. */
async function frame(
  browser: Browser,
  configured: boolean,
  play: (site: {
    heard(): Promise<{ origin: string; data: string }[]>;
    post(message: unknown): Promise<void>;
    readonly phone: Phone;
    readonly visitOrigin: string;
    phase(): Promise<string | null>;
  }) => Promise<void>,
): Promise<void> {
  const site = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () =>
    new Response(
      `<!doctype html><script>heard = []; addEventListener("message", ({origin, data}) => heard.push({origin, data}))</script>
<iframe src="${visit.url}" allow="camera; microphone; autoplay; fullscreen; screen-wake-lock"></iframe>`,
      { headers: { "content-type": "text/html" } },
    ));
  const origin = `http://127.0.0.1:${site.addr.port}`;
  const visit = serveVisit(
    (own) =>
      visitData({
        ...WAITING,
        api: { base: `${own}/visit`, session: "s" },
        hostOrigins: configured ? ["https://other.example", origin] : ["https://other.example"],
      }),
    { ancestors: origin },
  );
  const phone = await newPhone(browser);
  try {
    await phone.page.goto(origin);
    await until("the first question", () => visit.calls.length > 0);
    await play({
      phone,
      visitOrigin: visit.origin,
      heard: () =>
        phone.page.evaluate(() =>
          Reflect.get(globalThis, "heard") as { origin: string; data: string }[]
        ),
      post: (message) =>
        phone.page.evaluate((posted) => {
          document.querySelector("iframe")?.contentWindow?.postMessage(posted, "*");
        }, message),
      phase: () =>
        phone.page.frameLocator("iframe >> nth=0").locator("body").getAttribute("data-phase"),
    });
    deepEqual(phone.errors, []);
  } finally {
    await phone.close();
    await visit.close();
    await site.shutdown();
  }
}

Deno.test({
  name: "the bridge holds its contract with each host's real shape",
  // Parts of a browser outlive its close by a moment; nothing of the page under test does.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  const browser = await launchBrowser();
  try {
    for (const shape of SHAPES) await t.step(shape, () => converse(browser, shape));

    await t.step(
      "a configured site that frames the page hears and commands it",
      () =>
        frame(browser, true, async ({ heard, post, visitOrigin, phase }) => {
          await post({ command: "back", id: 1 });
          await post(JSON.stringify({ command: "leave" }));
          await post({ command: "leave" });
          const texts = async () => (await heard()).map(({ data }) => data);
          await until("the end", async () => (await texts()).some((text) => /"ended"/.test(text)));
          holds(await texts());
          deepEqual([...new Set((await heard()).map(({ origin }) => origin))], [visitOrigin]);
          equal(await phase(), "left");
        }),
    );

    await t.step(
      "a site of another origin hears nothing and commands nothing",
      () =>
        frame(browser, false, async ({ heard, post, phase, phone }) => {
          await post({ command: "leave" });
          // Messages keep their order: when this one is there, the command before it was passed over.
          const inner = phone.page.frames()[1];
          await inner?.evaluate(() =>
            new Promise<void>((done) => {
              addEventListener("message", ({ data }) => data === "last" && done());
              parent.postMessage("ask", "*");
              setTimeout(() => postMessage("last", "*"));
            })
          );
          equal(await phase(), "waiting");
          deepEqual((await heard()).map(({ data }) => data), ["ask"]);
        }),
    );

    await t.step(
      "the right origin commands nothing unless it is the page's own parent",
      () =>
        frame(browser, true, async ({ phase, phone, visitOrigin }) => {
          // A second frame of the same site is a neighbour, not the parent.
          await phone.page.evaluate(() => {
            const neighbour = document.createElement("iframe");
            document.body.append(neighbour);
            const target = frames[0];
            const make = Reflect.get(neighbour.contentWindow as object, "Function");
            make("page", "page.postMessage({command: 'leave'}, '*')")(target);
            target?.postMessage({ command: "back", id: 2 }, "*");
          });
          await until("the parent's own command was answered", () =>
            phone.page.evaluate(() =>
              (Reflect.get(globalThis, "heard") as { data: string }[]).some(({ data }) =>
                data.includes('"answer"')
              )
            ));
          equal(await phase(), "waiting");
          equal(visitOrigin.startsWith("http://127.0.0.1:"), true);
        }),
    );
  } finally {
    await browser.close();
  }
});
