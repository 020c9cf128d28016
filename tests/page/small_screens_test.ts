/// <reference lib="dom" />
/** Phones in landscape, the smallest phones, and what a keyboard leaves of either. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { SCREENS } from "../../tools/screens.ts";
import { launchBrowser } from "../support/browser.ts";
import { looseTest } from "../support/sanitizers.ts";
import { until } from "../support/patience.ts";
import { COMPANY, openScene, type Scene } from "../support/scene.ts";
import { covered, outOfSight, settled } from "./sight.ts";

const PORTRAIT = { width: 360, height: 640 };
const SMALLEST = { width: 320, height: 568 };
const LANDSCAPE = { width: 640, height: 360 };
const LAPTOP = { width: 1280, height: 800 };

const browser = await launchBrowser();
Deno.test.afterAll(() => browser.close());

/** Opens one of the screens, in the language with the longest strings. */
async function openScreen(name: string): Promise<Scene> {
  const screen = SCREENS.find((each) => each.name === name);
  if (screen === undefined) throw new Error(`Cannot find the screen ${name}`);
  const scene = await openScene(browser, { ...screen.options, language: "fr" });
  await screen.act(scene);
  return scene;
}

/** Runs a check on a screen in several sizes. */
async function checkSizes(
  name: string,
  sizes: readonly { width: number; height: number }[],
  check: (page: Page, size: string) => Promise<void>,
): Promise<void> {
  const scene = await openScreen(name);
  try {
    for (const size of sizes) {
      await scene.phone.page.setViewportSize(size);
      await settled(scene.phone.page);
      await check(scene.phone.page, `${name}, ${size.width}x${size.height}`);
    }
  } finally {
    await scene.close();
  }
}

looseTest("in a group call the self view covers nobody", async (t) => {
  for (const name of ["three", "six", "sixteen", "speaker", "shared-screen"]) {
    await t.step(
      name,
      () =>
        checkSizes(name, [PORTRAIT, SMALLEST, LANDSCAPE, LAPTOP], async (page, size) => {
          deepEqual(await covered(page), [], size);
        }),
    );
  }
});

looseTest(
  "the self view leaves its place in the grid while it is off, and floats in a call of two",
  async () => {
    const scene = await openScreen("three");
    const { page } = scene.phone;
    const last = () => page.locator(".tile").last().evaluate((tile) => tile.style.width);
    try {
      const among = await last();
      await page.click("#camera");
      await page.waitForSelector("#self", { state: "hidden" });
      ok(parseFloat(await last()) > parseFloat(among));
      await page.click("#camera");
      await page.waitForSelector("#self.seated");
      equal(await last(), among);
      for (const { id } of COMPANY.slice(0, 2)) await scene.pull("exit", `a-${id}`);
      await page.waitForSelector("#self:not(.seated) button");
      equal(await page.getAttribute("#self", "style"), "");
    } finally {
      await scene.close();
    }
  },
);

looseTest(
  "in landscape a phone shows every control, and the picture takes nearly all of the height",
  () =>
    checkSizes(
      "call",
      [LANDSCAPE, { width: 568, height: 320 }, { width: 844, height: 390 }],
      async (
        page,
        size,
      ) => {
        deepEqual(
          await outOfSight(page, ["mic", "camera", "chat-open", "more", "leave"]),
          [],
          size,
        );
        const share = await page.locator(".tile").evaluate((tile) =>
          tile.clientHeight / innerHeight
        );
        ok(share > 0.8, `${size}: ${share}`);
      },
    ),
);

looseTest(
  "what a person needs to join is visible without scrolling, in portrait and landscape",
  async () => {
    for (const name of ["lobby", "expected"]) {
      await checkSizes(name, [LANDSCAPE, PORTRAIT, LAPTOP], async (page, size) => {
        deepEqual(await outOfSight(page, ["join", "try-mic", "try-camera", "leave"]), [], size);
      });
      await checkSizes(name, [SMALLEST, { width: 360, height: 320 }], async (page, size) => {
        deepEqual(await outOfSight(page, ["join", "leave"]), [], size);
      });
    }
  },
);

looseTest(
  "in landscape a person with blocked devices sees what to do and every button",
  () =>
    checkSizes("lobby-refused", [LANDSCAPE], async (page, size) => {
      await page.locator("#lobby-help .retry").evaluate((button) => button.id = "retry");
      const ids = ["join", "lobby-help", "retry", "try-mic", "try-camera"];
      deepEqual(await outOfSight(page, ids), [], size);
    }),
);

looseTest(
  "text at 200 % leaves a stage that can be used, and the status in sight",
  () =>
    checkSizes("dropped-in-group", [PORTRAIT, LANDSCAPE], async (page, size) => {
      await page.evaluate(() => document.documentElement.style.fontSize = "200%");
      await settled(page);
      const height = await page.locator("#stage").evaluate((stage) => stage.clientHeight);
      ok(height >= 180, `${size}: ${height}`);
      deepEqual(
        await outOfSight(page, ["status", "mic", "camera", "chat-open", "leave"]),
        [],
        size,
      );
    }),
);

/** The words of a dropped person's veil are whole, or a spinner and the name stand for them. */
const saysWhoDropped = (page: Page) =>
  page.evaluate(() => {
    const tile = document.querySelector(".tile.dropped") as HTMLElement;
    const frame = tile.getBoundingClientRect();
    const whole = (selector: string) => {
      const part = tile.querySelector(selector) as HTMLElement;
      const box = part.getBoundingClientRect();
      return box.height > 0 && box.top >= frame.top && box.bottom <= frame.bottom &&
        part.scrollHeight <= part.clientHeight + 1;
    };
    // Whoever is gone has no good connection.
    const bars = tile.querySelector(".bars")?.getClientRects().length;
    return bars === 0 && (whole(".veil p") || whole(".spinner") && whole(".name"));
  });

looseTest("on any tile a dropped connection is shown whole", async () => {
  const sizes = [PORTRAIT, SMALLEST, LANDSCAPE, LAPTOP];
  await checkSizes("dropped-in-group", sizes, async (page, size) => {
    ok(await saysWhoDropped(page), `${size}, in the grid`);
    const pin = page.locator(".tile:not(.dropped) .pin").first();
    await pin.click();
    await page.waitForSelector(".tile.dropped.low, .tile.dropped.small");
    ok(await saysWhoDropped(page), `${size}, beside a large tile`);
    await page.locator(".pin[aria-pressed=true]").click();
    await settled(page);
  });
});

looseTest("in landscape no long notice moves the button for sound off the screen", async () => {
  for (const [name, id] of [["on-hold", "restore"], ["tap-to-hear", "hear"]] as const) {
    await checkSizes(name, [LANDSCAPE, PORTRAIT], async (page, size) => {
      deepEqual(await outOfSight(page, [id, "mic", "leave"]), [], size);
    });
  }
});

looseTest(
  "in landscape a long status has the whole width below the name and the time",
  () =>
    checkSizes("dropped", [LANDSCAPE], async (page, size) => {
      const [status, timer] = await Promise.all(
        ["#status", ".timer"].map((part) => page.locator(part).boundingBox()),
      );
      ok(status && timer && status.y >= timer.y + timer.height / 2, size);
    }),
);

looseTest("sheets and cards fit a phone in landscape", async () => {
  for (
    const [name, ids] of [
      ["more", ["flip", "saver", "language"]],
      ["not-ended", ["leave-only", "leave-all", "leave-trouble"]],
      ["left", ["action", "good", "bad", "done"]],
      ["failed", ["action", "leave"]],
    ] as const
  ) {
    await checkSizes(name, [LANDSCAPE], async (page, size) => {
      deepEqual(await outOfSight(page, ids), [], size);
    });
  }
});

looseTest(
  "above an open keyboard the chat shows its field, its button and some messages",
  () =>
    checkSizes("chat-trouble", [{ width: 640, height: 170 }, { width: 360, height: 340 }], async (
      page,
      size,
    ) => {
      deepEqual(await outOfSight(page, ["chat-text", "chat-close", "chat-limit"]), [], size);
      const read = await page.locator("#chat-scroll").evaluate((scroll) => scroll.clientHeight);
      ok(read >= 24, `${size}: ${read} px`);
    }),
);

looseTest("a notice covers neither the header nor the field of the chat", async () => {
  const scene = await openScreen("chat-empty");
  const { page, context } = scene.phone;
  try {
    await context.setOffline(true);
    await page.waitForSelector("#notice:not([hidden])");
    for (const size of [PORTRAIT, LANDSCAPE, { width: 768, height: 1024 }]) {
      await page.setViewportSize(size);
      await settled(page);
      const ids = ["chat-close", "chat-text", "notice-close", "mic", "leave"];
      deepEqual(await outOfSight(page, ids), [], `${size.width}x${size.height}`);
    }
    // Nor does a long notice, or one in large text, cover the controls.
    await page.setViewportSize(PORTRAIT);
    await page.click("#chat-close");
    await page.evaluate(() => document.documentElement.style.fontSize = "200%");
    await settled(page);
    deepEqual(await outOfSight(page, ["notice-close", "mic", "camera", "leave"]), []);
  } finally {
    await scene.close();
  }
});

looseTest(
  "on larger screens the menu is in sight, from a button at the top and at the bottom",
  async () => {
    for (const name of ["lobby", "call"]) {
      const scene = await openScreen(name);
      const { page } = scene.phone;
      try {
        for (const size of [LAPTOP, { width: 768, height: 1024 }]) {
          await page.setViewportSize(size);
          await page.click("#more");
          const open = page.locator("#more-sheet .panel");
          await until(`${name}, ${size.width}`, () =>
            open.evaluate((panel) => {
              const { top, left, right, bottom } = panel.getBoundingClientRect();
              return panel.clientHeight > 48 && panel.clientHeight === panel.scrollHeight &&
                top >= 0 &&
                left >= 0 && right <= innerWidth && bottom <= innerHeight;
            }));
          await page.keyboard.press("Escape");
        }
      } finally {
        await scene.close();
      }
    }
  },
);
