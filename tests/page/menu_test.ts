/// <reference lib="dom" />
import { deepEqual, equal } from "node:assert/strict";
import { launchBrowser } from "../support/browser.ts";
import { COMPANY, enterCall, openScene } from "./scenes.ts";
import { PROVIDER, until } from "./support.ts";

Deno.test({
  name: "the further controls do what they say",
  // Parts of a browser outlive its close by a moment; nothing of the page under test does.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  const browser = await launchBrowser();
  const scene = await openScene(browser, { group: true, hosted: true });
  const { page } = scene.phone;
  const heard = async (name: string) => {
    const all = await page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
    return all.map((text) => JSON.parse(text)).filter(({ event }) => event === name)
      .map(({ data }) => data);
  };
  /** Opens the sheet, presses a row, closes the sheet; answers the row's state. */
  const press = async (row: string) => {
    await page.click("#more");
    await page.click(`#${row}`);
    const pressed = await page.getAttribute(`#${row}`, "aria-pressed");
    await page.keyboard.press("Escape");
    return pressed;
  };
  /** Who stands largest, and how many are counted on the last tile. */
  const stage = () =>
    page.evaluate(() => {
      const tiles = [...document.querySelectorAll<HTMLElement>(".tile:not([hidden])")];
      const area = (tile: HTMLElement) => tile.clientWidth * tile.clientHeight;
      const [first, second] = tiles.sort((one, other) => area(other) - area(one));
      return {
        largest: first?.querySelector("bdi")?.textContent ?? "",
        alone: first !== undefined && second !== undefined && area(first) > 2 * area(second),
        seen: tiles.length,
        rest: document.getElementById("rest")?.hidden === false,
      };
    });
  try {
    await enterCall(scene);
    await t.step("the app is asked for the earpiece, and for the loudspeaker again", async () => {
      deepEqual(await heard("audio-route"), [{ route: "speaker" }]);
      deepEqual([await press("route"), await press("route")], ["false", "true"]);
      deepEqual((await heard("audio-route")).slice(1), [{ route: "earpiece" }, {
        route: "speaker",
      }]);
    });
    await t.step("there is nothing to arrange with one other, and there is with two", async () => {
      await scene.company(1);
      await page.click("#more");
      equal(await page.locator("#large").isVisible(), false);
      await page.keyboard.press("Escape");
      await scene.company(15);
      equal((await stage()).alone, false);
    });
    await t.step("whoever speaks is shown large, until everybody is asked for", async () => {
      equal(await press("large"), "true");
      await scene.pull("speak", `a-${COMPANY[1]?.id}`);
      const one = await stage();
      deepEqual([one.largest, one.alone, one.rest], [COMPANY[1]?.name, true, true]);
      await scene.pull("speak", `a-${PROVIDER.id}`);
      equal((await stage()).largest, PROVIDER.name);
      await page.click("#rest");
      const all = await stage();
      deepEqual([all.alone, all.seen, all.rest], [false, 15, false]);
      equal(await page.getAttribute("#large", "aria-pressed"), "false");
    });
    await t.step(
      "saving data takes a smaller picture, not all of it, and gives it back",
      async () => {
        await page.evaluate(() => {
          const said: string[] = [];
          Object.assign(globalThis, { said });
          const status = document.getElementById("status") as HTMLElement;
          new MutationObserver(() => said.push(status.textContent ?? ""))
            .observe(status, { childList: true });
        });
        // What was taken before says nothing about what is taken from now on.
        await scene.pull("pass", 60, 600, 2_000);
        equal(await press("saver"), "true");
        await scene.pull("pass", 60, 200, 2_000);
        equal(await page.locator("#notice").isVisible(), false);
        equal(await press("saver"), "false");
        await scene.pull("pass", 3, 600, 2_000);
        // A screen reader says what is written: that the person is in the call was said before.
        deepEqual(await page.evaluate(() => Reflect.get(globalThis, "said")), []);
        await page.click("#leave");
        await until("left", async () => await page.getAttribute("body", "data-phase") === "left");
        const records = (name: string, field: string) =>
          scene.visit.events.filter((one) => one.name === name).map(({ data }) => data?.[field]);
        await until("the records", () => records("use", "use").length === 2);
        deepEqual(records("use", "use"), ["saver", "video"]);
        deepEqual(records("quality", "rung"), ["360p", "180p", "360p"]);
      },
    );
    await t.step("whoever is done asks the app to close the page, once for each tap", async () => {
      deepEqual(await heard("close"), []);
      await page.click("#done");
      deepEqual(await heard("close"), ["USER_DONE"]);
      // The loudspeaker is the app's own affair again.
      deepEqual((await heard("audio-route")).at(-1), { route: "default" });
    });
    deepEqual(scene.phone.errors, []);
  } finally {
    await scene.close();
    await browser.close();
  }
});
