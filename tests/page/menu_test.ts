/// <reference lib="dom" />
import { deepEqual, equal } from "node:assert/strict";
import type { PageEventName } from "../../client/bridge/chime-page.d.ts";
import { browserTest, untilPhase } from "../support/browser.ts";
import { hostMessages } from "../support/page_host.ts";
import { COMPANY, enterCall, withScene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { until } from "../support/patience.ts";

browserTest(
  "the controls behind More",
  (browser, t) =>
    withScene(browser, { group: true, hosted: true }, async (scene) => {
      const { page } = scene;
      const heard = async (name: PageEventName) =>
        (await hostMessages(page)).filter(({ event }) => event === name).map(({ data }) => data);
      /** Opens the sheet, presses a row, closes the sheet; answers the row's state. */
      const press = async (row: string) => {
        await page.click("#more");
        await page.click(`#${row}`);
        const pressed = await page.getAttribute(`#${row}`, "aria-pressed");
        await page.keyboard.press("Escape");
        return pressed;
      };
      /** Whose tile is largest, and whether the last tile counts those who have none. */
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
      await enterCall(scene);
      await t.step(
        "the app is asked to route sound to the earpiece, and back to the loudspeaker",
        async () => {
          deepEqual(await heard("audio-route"), [{ route: "speaker" }]);
          deepEqual([await press("route"), await press("route")], ["false", "true"]);
          deepEqual((await heard("audio-route")).slice(1), [{ route: "earpiece" }, {
            route: "speaker",
          }]);
        },
      );
      await t.step("the large view is offered only with two or more others", async () => {
        await scene.company(1);
        await page.click("#more");
        equal(await page.locator("#large").isVisible(), false);
        await page.keyboard.press("Escape");
        await scene.company(15);
        equal((await stage()).alone, false);
      });
      await t.step("the active speaker is shown large until the grid is chosen", async () => {
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
        "saving data takes a smaller picture, not none, and stopping brings the large one back",
        async () => {
          await page.evaluate(() => {
            const said: string[] = [];
            Object.assign(globalThis, { said });
            const status = document.getElementById("status") as HTMLElement;
            new MutationObserver(() => said.push(status.textContent ?? ""))
              .observe(status, { childList: true });
          });
          // Data used before saving began does not count against the budget.
          await scene.pull("pass", 60, 600, 2_000);
          equal(await press("saver"), "true");
          await scene.pull("pass", 60, 200, 2_000);
          equal(await page.locator("#notice").isVisible(), false);
          equal(await press("saver"), "false");
          await scene.pull("pass", 3, 600, 2_000);
          // A screen reader reads the status aloud: it must not repeat that the person is in the call.
          deepEqual(await page.evaluate(() => Reflect.get(globalThis, "said")), []);
          await page.click("#leave");
          await untilPhase(page, "left");
          const records = (name: string, field: string) =>
            scene.visit.events.filter((one) => one.name === name).map(({ data }) => data?.[field]);
          await until("the records", () => records("use", "use").length === 2);
          deepEqual(records("use", "use"), ["saver", "video"]);
          deepEqual(records("quality", "rung"), ["360p", "180p", "360p"]);
        },
      );
      await t.step("Done asks the app to close the page, once for each tap", async () => {
        deepEqual(await heard("close"), []);
        await page.click("#done");
        deepEqual(await heard("close"), ["USER_DONE"]);
        // The choice of the loudspeaker goes back to the app.
        deepEqual((await heard("audio-route")).at(-1), { route: "default" });
      });
    }),
);
