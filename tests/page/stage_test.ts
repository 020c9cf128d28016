/// <reference lib="dom" />
/** Who is large on the stage, and how tiles look until and after their first picture. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { untilInPage, untilPhase } from "../support/browser.ts";
import { fire } from "../support/page_host.ts";
import { COMPANY, enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { sceneTest } from "./scene_steps.ts";

const DOCTOR = `a-${PROVIDER.id}`;
const [MARIE, SAMUEL] = [`a-${COMPANY[0]?.id}`, `a-${COMPANY[1]?.id}`];
const GROUP = { group: true };

/** The names of the tiles that are much larger than the others, and of those that are pinned. */
const stage = ({ page }: Scene) =>
  page.evaluate(() => {
    const tiles = [...document.querySelectorAll<HTMLElement>(".tile:not([hidden])")];
    const area = (tile: HTMLElement) => tile.clientWidth * tile.clientHeight;
    const smallest = Math.min(...tiles.map(area));
    const names = (some: HTMLElement[]) =>
      some.map((tile) => tile.querySelector("bdi")?.textContent ?? "");
    return {
      large: names(tiles.filter((tile) => area(tile) > 2 * smallest)),
      pinned: names(tiles.filter((tile) => tile.querySelector("[aria-pressed=true]") !== null)),
      seen: tiles.length,
    };
  });
/** The button of a person's tile. */
const pin = ({ page }: Scene, name: string) =>
  page.locator(".tile:not(.content)").filter({ hasText: name }).locator(".pin");
const marie = { large: ["Marie Essomba"], pinned: ["Marie Essomba"] };

/** Brings three others into the call. */
async function meet(scene: Scene, count = 3): Promise<void> {
  await enterCall(scene);
  await scene.company(count);
}

sceneTest("a person pins a tile", async (step) => {
  await step("a tap makes it large, and another one brings the grid back", GROUP, async (scene) => {
    await meet(scene);
    deepEqual(await stage(scene), { large: [], pinned: [], seen: 3 });
    await pin(scene, "Marie").tap();
    deepEqual(await stage(scene), { ...marie, seen: 3 });
    ok(await scene.page.locator(".pin[aria-pressed=true] .icon").isVisible());
    await pin(scene, "Marie").tap();
    deepEqual(await stage(scene), { large: [], pinned: [], seen: 3 });
  });
  await step(
    "Enter does the same, and a screen reader hears what it does",
    GROUP,
    async (scene) => {
      await meet(scene);
      const { page } = scene;
      const button = page.getByRole("button", { name: "Enlarge Marie Essomba", exact: true });
      equal(await button.getAttribute("aria-pressed"), "false");
      await button.focus();
      await page.keyboard.press("Enter");
      deepEqual(await stage(scene), { ...marie, seen: 3 });
      equal(await button.getAttribute("aria-pressed"), "true");
      // The focus stays on the button, which has moved.
      await page.keyboard.press("Enter");
      deepEqual(await stage(scene), { large: [], pinned: [], seen: 3 });
    },
  );
  await step("it stays pinned while others join, leave and speak", GROUP, async (scene) => {
    await meet(scene);
    await pin(scene, "Marie").tap();
    await scene.page.evaluate(() => document.getElementById("large")?.click());
    await scene.pull("speak", DOCTOR);
    await scene.pull("exit", SAMUEL);
    await scene.pull("enter", `a-${COMPANY[5]?.id}`, COMPANY[5]?.id ?? "", null);
    deepEqual(await stage(scene), { ...marie, seen: 3 });
    // Without the pinned person, the speaker is large; they are pinned again when they come back.
    await scene.pull("exit", MARIE);
    deepEqual(await stage(scene), { large: [PROVIDER.name], pinned: [], seen: 2 });
    await scene.pull("enter", MARIE, COMPANY[0]?.id ?? "", null);
    deepEqual(await stage(scene), { ...marie, seen: 3 });
  });
  await step("it stays pinned after a reconnect", GROUP, async (scene) => {
    await meet(scene);
    await pin(scene, "Marie").tap();
    await scene.pull("stop", "AudioDisconnected");
    await untilPhase(scene.page, "failed");
    await fire(scene.page, "online");
    await meet(scene);
    deepEqual(await stage(scene), { ...marie, seen: 3 });
  });
  await step("a shared screen is large unless somebody is pinned", GROUP, async (scene) => {
    await meet(scene);
    const screen = `${PROVIDER.name}’s screen`;
    await scene.pull("screen", DOCTOR, PROVIDER.id);
    deepEqual(await stage(scene), { large: [screen], pinned: [], seen: 4 });
    await pin(scene, "Marie").tap();
    deepEqual(await stage(scene), { ...marie, seen: 4 });
    // Another tile takes the pin, also a screen, whose large picture is not a button.
    await scene.page.locator(".content .pin").tap();
    deepEqual(await stage(scene), { large: [screen], pinned: [screen], seen: 4 });
    const { width = 0 } = await scene.page.locator(".content .pin").boundingBox() ?? {};
    equal(width, 48);
    await scene.page.locator(".content .pin").tap();
    deepEqual(await stage(scene), { large: [screen], pinned: [], seen: 4 });
  });
  await step("the button that counts the rest shows everyone", GROUP, async (scene) => {
    await meet(scene, 9);
    await scene.pull("screen", DOCTOR, PROVIDER.id);
    ok((await stage(scene)).seen < 10);
    await scene.page.tap("#rest");
    deepEqual(await stage(scene), { large: [], pinned: [], seen: 10 });
    // A new screen is large at once.
    await scene.pull("screen", MARIE, COMPANY[0]?.id ?? "");
    deepEqual((await stage(scene)).large, ["Marie Essomba’s screen"]);
    await pin(scene, "Marie").tap();
    await scene.page.tap("#rest");
    deepEqual(await stage(scene), { large: [], pinned: [], seen: 11 });
  });
  await step("the only tile is no button", {}, async (scene) => {
    await meet(scene, 1);
    equal(await scene.page.locator(".tile").count(), 1);
    equal(await scene.page.locator(".pin").isVisible(), false);
  });
});

sceneTest("what a tile shows", async (step) => {
  await step(
    "a new picture shows the initials until its first frame, never black",
    {},
    async (scene) => {
      await meet(scene, 1);
      const { page } = scene;
      await untilInPage(page, () => document.querySelector(".tile.seen") !== null);
      // The SDK binds another stream, whose first frame takes a while.
      await page.evaluate(() => {
        const video = document.querySelector(".tile video") as HTMLVideoElement;
        video.srcObject = new MediaStream();
      });
      await untilInPage(page, () => document.querySelector(".tile.seen") === null);
      equal(await page.locator(".tile .face").innerText(), "AN");
      // Seen through the picture, which has faded out.
      await untilInPage(page, () => {
        const video = document.querySelector(".tile video");
        return video !== null && getComputedStyle(video).opacity === "0";
      });
    },
  );
  await step("the stage is dark in the light theme, names and states are readable", {
    phone: { dark: false },
  }, async (scene) => {
    await meet(scene, 1);
    const looks = await scene.page.evaluate(() => {
      const style = (selector: string) =>
        getComputedStyle(document.querySelector(selector) as HTMLElement);
      return {
        page: style("html").backgroundColor,
        stage: style(".stage").backgroundColor,
        tile: style(".tile").backgroundColor,
        name: style(".tile .name").color,
        chip: style(".tile .name").backgroundColor,
      };
    });
    const numbers = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: readonly number[]) => {
      const [red = 0, green = 0, blue = 0] = colour.map((part) => (part / 255) ** 2.2);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    ok(luminance(numbers(looks.page)) > 0.8, looks.page);
    ok(luminance(numbers(looks.stage)) < 0.02, looks.stage);
    ok(luminance(numbers(looks.tile)) > luminance(numbers(looks.stage)) * 2, looks.tile);
    // The name on a white picture.
    const [red = 0, green = 0, blue = 0, alpha = 1] = numbers(looks.chip);
    const behind = [red, green, blue].map((part) => part * alpha + 255 * (1 - alpha));
    const contrast = (luminance(numbers(looks.name)) + 0.05) / (luminance(behind) + 0.05);
    ok(contrast > 5.9, `${contrast}`);
  });
  await step(
    "pulling down does not reload, a long press selects nothing, and buttons do not zoom",
    {},
    async (scene) => {
      await meet(scene, 1);
      const looks = await scene.page.evaluate(() => {
        const style = (selector: string) =>
          getComputedStyle(document.querySelector(selector) as HTMLElement);
        return {
          overscroll: [style("html"), style("body")].map((each) => each.overscrollBehaviorY),
          select: [".stage", "#self", ".controls"].map((each) => style(each).userSelect),
          messages: style("#chat").userSelect,
          buttons: [...document.querySelectorAll("button:not(#self-move)")]
            .map((each) => getComputedStyle(each).touchAction),
        };
      });
      deepEqual(looks.overscroll, ["none", "none"]);
      deepEqual(looks.select, ["none", "none", "none"]);
      // Messages can be copied.
      equal(looks.messages, "auto");
      deepEqual([...new Set(looks.buttons)], ["manipulation"]);
      const viewport = await scene.page.getAttribute("meta[name=viewport]", "content");
      match(`${viewport}`, /width=device-width/);
      ok(!/user-scalable|maximum-scale/.test(`${viewport}`), "pinching zooms the page");
    },
  );
});
