/** Old versions of Chromium, as in Android web views that are not updated. */
import type { CDPSession } from "playwright-core";
import { launchBrowser, newPhone, type Phone } from "../support/browser.ts";
import type { ChromiumVersion } from "../support/chromium.ts";
import { keepRecords } from "../support/visitor.ts";
import { type Engine, type EnginePage, type Permission, placeOf } from "./engine.ts";

/** Starts a Chromium from npm. */
export async function startChromium(
  version: ChromiumVersion,
  permission: Permission = "allow",
): Promise<Engine> {
  const browser = await launchBrowser({ version, permission });
  return {
    async open(url) {
      const phone = await newPhone(browser);
      await phone.page.addInitScript(keepRecords);
      await phone.page.goto(url);
      return enginePage(phone, await phone.context.newCDPSession(phone.page));
    },
    close: () => browser.close(),
  };
}

function enginePage({ page, console, errors, close }: Phone, session: CDPSession): EnginePage {
  const evaluate = page.evaluate.bind(page) as EnginePage["evaluate"];
  return {
    get complaints() {
      return [...console.filter((line) => line.startsWith("error")), ...errors];
    },
    evaluate,
    // Playwright's own clicks never end in Chromium 92.
    async press(selector) {
      const mouse = {
        ...await placeOf({ evaluate }, selector),
        button: "left",
        clickCount: 1,
      } as const;
      await session.send("Input.dispatchMouseEvent", { type: "mousePressed", ...mouse });
      await session.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...mouse });
    },
    async enter(text) {
      await page.keyboard.insertText(text);
      await page.keyboard.press("Enter");
    },
    async reload() {
      await page.reload();
    },
    close,
  };
}
