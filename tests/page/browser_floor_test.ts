/// <reference lib="dom" />
/** The oldest browsers that the page works in, and what older ones are told. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parse } from "acorn";
import type { Page } from "playwright-core";
import {
  CALL_STYLE,
  CARD_STYLE,
  CLIENT_SCRIPT,
  COUNTDOWN_SCRIPT,
  FALLBACK_SCRIPT,
  LOBBY_STYLE,
  VISIT_STYLE,
} from "../../supabase/functions/chime-page/page/client.generated.ts";
import { belowFloor } from "../../supabase/functions/chime-page/contract/browser_floor.ts";
import { browserTest, phaseOf, untilPhase } from "../support/browser.ts";
import { type OpenOptions, openVisit } from "../support/open_visit.ts";

const IOS = (version: string) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${version} like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148`;
const WEB_VIEW = (version: string) =>
  `Mozilla/5.0 (Linux; Android 9; SM-J400F; wv) AppleWebKit/537.36 Version/4.0 Chrome/${version} Mobile Safari/537.36`;

Deno.test("only the beginning of a user agent is read", () => {
  equal(belowFloor(`${"x".repeat(1_000)} ${WEB_VIEW("83.0.1")}`), false);
  equal(belowFloor(`${WEB_VIEW("83.0.1")} ${"iPhone ".repeat(10_000)}`), true);
});

Deno.test("engines below WebView 92 and iOS 14.3 are recognized", () => {
  const table: readonly (readonly [string, boolean])[] = [
    [WEB_VIEW("91.0.4472.120"), true],
    [WEB_VIEW("92.0.4515.131"), false],
    [WEB_VIEW("138.0.0.0"), false],
    // Headless Chromium.
    [WEB_VIEW("91.0").replace(" Chrome", " HeadlessChrome"), true],
    [WEB_VIEW("106.0").replace(" Chrome", " HeadlessChrome"), false],
    [IOS("14_2_1"), true],
    [IOS("13_7"), true],
    [IOS("9_3_5"), true],
    [IOS("14_3"), false],
    [IOS("15_0"), false],
    // Chrome on iOS uses the engine of iOS.
    [`${IOS("16_1")} CriOS/85.0`, false],
    ["Mozilla/5.0 (X11; Linux x64; rv:128.0) Gecko/20100101 Firefox/128.0", false],
    ["Dart/3.5 (dart:io)", false],
    ["", false],
  ];
  for (const [userAgent, old] of table) {
    equal(belowFloor(userAgent), old, userAgent);
  }
});

/** Every node of a syntax tree. */
function* nodes(node: unknown): Generator<Record<string, unknown>> {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node) && "type" in node) yield node as Record<string, unknown>;
  for (const value of Object.values(node)) yield* nodes(value);
}

// Missing in Chrome 92 or iOS 14.3 (MDN browser compatibility data).
const TOO_NEW = new Set([
  ...["findLast", "findLastIndex", "hasOwn", "structuredClone", "randomUUID", "toSorted"],
  ...["toReversed", "toSpliced", "groupBy", "withResolvers", "replaceSync", "showModal"],
  ...["adoptedStyleSheets", "requestIdleCallback", "showPopover", "setHTML", "canParse"],
  ...["BroadcastChannel", "WeakRef", "FinalizationRegistry", "MediaRecorder", "ListFormat"],
  ...["formatRange", "DurationFormat", "fromAsync", "throwIfAborted", "hasIndices"],
]);
Deno.test("the built client is ES2020, and uses no API above the floor", () => {
  for (const script of [CLIENT_SCRIPT, COUNTDOWN_SCRIPT]) {
    const found: string[] = [];
    for (const node of nodes(parse(script, { ecmaVersion: 2020, sourceType: "script" }))) {
      const property = node["property"] as { name?: string } | undefined;
      const name = node["type"] === "MemberExpression" ? property?.name : node["name"];
      if (typeof name === "string" && TOO_NEW.has(name)) found.push(name);
      // Telemetry events have a field `at`; only a call is the array's method.
      const callee = node["callee"] as { property?: { name?: string } } | undefined;
      if (callee?.property?.name === "at") found.push("at()");
      const { type, name: created } = (node["callee"] ?? {}) as { type?: string; name?: string };
      // Without a prefix from iOS 14.5 on: client/media/audio_context.ts.
      if (type === "Identifier" && created === "AudioContext") found.push("new AudioContext()");
      const regex = node["regex"] as { pattern: string; flags: string } | undefined;
      // Lookbehind is iOS 16.4; the flags d and v are newer than the floor.
      if (regex && (/\(\?<[=!]/.test(regex.pattern) || /[dv]/.test(regex.flags))) {
        found.push(regex.pattern);
      }
    }
    deepEqual(found, []);
  }
});

Deno.test("the fallback script is ES5", () => {
  parse(FALLBACK_SCRIPT, { ecmaVersion: 5, sourceType: "script" });
});

Deno.test("no style needs a feature above the floor", () => {
  const tooNew: readonly RegExp[] = [
    /:has\(/,
    /@container|container-type/,
    /@layer|@scope|@starting-style/,
    /\d[dsl]v[hw]\b/,
    /oklch|oklab|color-mix|light-dark\(/,
    /[;{]aspect-ratio:/,
    /[;{]inset[-:]/,
    // Both sides at once from iOS 14.5 on; single sides long before.
    /[;{](?:margin|padding|border|scroll-margin|scroll-padding)-(?:inline|block):/,
    /[;{](?:translate|rotate|scale):/,
    /&/,
    // Flex boxes have gap from iOS 14.5 on; grids have grid-gap.
    /[;{](?:row-|column-)?gap:/,
  ];
  for (const style of [VISIT_STYLE, LOBBY_STYLE, CALL_STYLE, CARD_STYLE]) {
    // An engine that does not know :focus-visible drops the whole rule, and keeps the plain ring.
    const plain = style.replace(/[^{}]*:focus-visible[^{}]*\{outline[\w-]*:[^;}]*\}/g, "");
    for (const feature of [...tooNew, /:focus-visible/]) {
      const found = feature.exec(plain);
      equal(found && plain.slice(Math.max(0, found.index - 60), found.index + 40), null);
    }
  }
});

browserTest(
  "a person whose browser cannot run the client is told so, and what to do",
  async (browser, t) => {
    const open = async (
      check: (page: Page, calls: readonly string[]) => Promise<void>,
      options: OpenOptions = {},
    ) => {
      const { page, visit, close } = await openVisit(browser, { language: "fr" }, options);
      try {
        await page.waitForLoadState("load");
        await check(page, visit.calls);
      } finally {
        await close();
      }
    };
    const told =
      /Les appels vidéo ne fonctionnent pas dans cette application[\s\S]*Chrome ou Safari/;
    await t.step(
      "by the fallback script when language features are missing",
      () =>
        open(async (page, calls) => {
          match(await page.locator("#card").innerText(), told);
          equal(await phaseOf(page), "failed");
          equal(await page.locator("#floor").isVisible(), true);
          deepEqual(calls, []);
        }, {
          before: (page) =>
            page.addInitScript(() => {
              for (const name of ["Promise", "Map", "Set"]) {
                Reflect.deleteProperty(globalThis, name);
              }
            }),
        }),
    );
    await t.step(
      "by the fallback script when the engine cannot parse the client",
      () =>
        open(async (page) => match(await page.locator("#card").innerText(), told), {
          // An older parser drops the whole script at newer syntax, as at this.
          html: (html) =>
            html.replace('<script>"use strict"', "<script>?.").replace(
              "<script>(()=>{",
              "<script>?.(()=>{",
            ),
        }),
    );
    await t.step(
      "by the client in an old web view whose host stored the document",
      () =>
        open(async (page, calls) => {
          await untilPhase(page, "failed");
          match(await page.locator("#card").innerText(), told);
          equal(await page.locator("#floor").isVisible(), false);
          ok(calls.every((call) => !call.includes("join")));
        }, {
          before: (page) =>
            page.addInitScript((userAgent) => {
              Object.defineProperty(navigator, "userAgent", {
                get: () => userAgent,
              });
            }, WEB_VIEW("91.0.4472.120")),
        }),
    );
    await t.step("and nobody else is", () =>
      open(async (page) => {
        equal(await page.locator("#floor").isVisible(), false);
        equal(
          await page.evaluate(() => "chimePage" in globalThis),
          true,
        );
      }));
  },
);
