/// <reference lib="dom" />
/** The person's own picture: where it is, and how it is hidden. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { Language } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { untilPhase } from "../support/browser.ts";
import { fire, sendCommand } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { sceneTest, untilFilmed } from "./scene_steps.ts";

const DOCTOR = `a-${PROVIDER.id}`;

/** Where the self view is: `bottom right`. */
const corner = ({ page }: Scene) =>
  page.evaluate(() => {
    const own = document.getElementById("self")?.getBoundingClientRect() as DOMRect;
    const room = document.querySelector(".main")?.getBoundingClientRect() as DOMRect;
    const side = own.left + own.right < room.left + room.right ? "left" : "right";
    return `${own.top + own.bottom < room.top + room.bottom ? "top" : "bottom"} ${side}`;
  });

/** Enters a call with one other person, in which the self view floats. */
async function meet(scene: Scene): Promise<void> {
  await enterCall(scene);
  await scene.company(1);
  await untilFilmed(scene);
  await scene.page.waitForSelector("#self:not([hidden])");
}
/** Drags the self view by its middle to a share of the page, such as 0.1 from the left. */
async function drag({ page }: Scene, x: number, y: number): Promise<void> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const box = await page.locator("#self").boundingBox();
  ok(box);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(width / 2, height / 2, { steps: 3 });
  await page.mouse.move(width * x, height * y, { steps: 3 });
  await page.mouse.up();
}
const setLanguage = async ({ page }: Scene, language: Language) => {
  await sendCommand(page, { command: "language", language });
  await page.waitForSelector(`html[lang=${language}]`, { state: "attached" });
};
/** What of the self view can be seen. */
const parts = ({ page }: Scene) =>
  page.evaluate(() =>
    ["self-video", "self-hide", "self-show"].filter((id) =>
      document.getElementById(id)?.offsetParent
    )
  );
const SHOWN = ["self-video", "self-hide"];
const HIDDEN = ["self-show"];

sceneTest("the place of the own picture", async (step) => {
  for (const language of ["en", "ar"] as const) {
    await step(
      `it moves to the corner where it is dropped, ${language}`,
      { language },
      async (scene) => {
        await meet(scene);
        equal(await corner(scene), language === "ar" ? "bottom left" : "bottom right");
        for (const [x, y, place] of [[0.1, 0.2, "top left"], [0.9, 0.3, "top right"]] as const) {
          await drag(scene, x, y);
          equal(await corner(scene), place);
        }
        // Dropped on the controls.
        await drag(scene, 0.1, 0.98);
        equal(await corner(scene), "bottom left");
        const box = await scene.page.locator("#self").boundingBox();
        const controls = await scene.page.locator(".controls").boundingBox();
        ok(box && controls && box.y + box.height <= controls.y);
      },
    );
    await step(`arrow keys move it as they point, ${language}`, { language }, async (scene) => {
      await meet(scene);
      await scene.page.focus("#self-move");
      for (
        const [key, place] of [
          ["ArrowLeft", "bottom left"],
          ["ArrowUp", "top left"],
          ["ArrowRight", "top right"],
          ["ArrowDown", "bottom right"],
        ] as const
      ) {
        await scene.page.keyboard.press(key);
        equal(await corner(scene), place);
      }
    });
  }
  await step("a change of language mirrors its place, but not the person", {
    hosted: true,
  }, async (scene) => {
    await meet(scene);
    const turned = () =>
      scene.page.locator("#self-video").evaluate((video) => getComputedStyle(video).transform);
    const mirrored = await turned();
    ok(mirrored.startsWith("matrix(-1"), mirrored);
    await setLanguage(scene, "ar");
    equal(await corner(scene), "bottom left");
    equal(await turned(), mirrored);
    await setLanguage(scene, "en");
    equal(await corner(scene), "bottom right");
  });
  await step("captions do not cover it", {}, async (scene) => {
    await meet(scene);
    await scene.pull("caption", DOCTOR, PROVIDER.id, "Good morning! How are you? ".repeat(8));
    for (const size of [{ width: 360, height: 640 }, { width: 640, height: 360 }]) {
      await scene.page.setViewportSize(size);
      const own = await scene.page.locator("#self").boundingBox();
      const captions = await scene.page.locator("#captions").boundingBox();
      ok(own && captions && own.y + own.height <= captions.y, JSON.stringify({ own, captions }));
    }
  });
});

sceneTest("the own picture is hidden", async (step) => {
  await step("the page says that the others still see the person", {}, async (scene) => {
    const { page } = scene;
    await meet(scene);
    deepEqual(await parts(scene), SHOWN);
    await page.focus("#self-hide");
    await page.keyboard.press("Enter");
    deepEqual(await parts(scene), HIDDEN);
    equal(await page.locator("#self-show").innerText(), pageTexts("en").showSelf);
    // The camera stays on, and the focus is on what brings the picture back.
    equal(await page.getAttribute("#camera", "data-state"), "on");
    await page.keyboard.press("Enter");
    deepEqual(await parts(scene), SHOWN);
    equal(await page.evaluate(() => document.activeElement?.id), "self-hide");
  });
  await step("it says so only while the camera is on", {}, async (scene) => {
    await meet(scene);
    await scene.page.tap("#self-hide");
    await scene.page.click("#camera");
    await scene.page.waitForSelector("#self", { state: "hidden" });
    await scene.page.click("#camera");
    await scene.page.waitForSelector("#self-show:visible");
  });
  await step("it stays hidden, in its corner, after a reconnect", {}, async (scene) => {
    const { page } = scene;
    await meet(scene);
    await page.focus("#self-move");
    await page.keyboard.press("ArrowUp");
    await page.tap("#self-hide");
    await scene.pull("stop", "AudioDisconnected");
    await untilPhase(page, "failed");
    equal(await page.locator("#self-show").isVisible(), false);
    await fire(page, "online");
    await meet(scene);
    deepEqual(await parts(scene), HIDDEN);
    await page.tap("#self-show");
    equal(await corner(scene), "top right");
  });
  await step("in a group the button covers nobody", { group: true }, async (scene) => {
    await enterCall(scene);
    await scene.company(6);
    await untilFilmed(scene);
    await scene.page.tap("#self-hide");
    for (const language of ["en", "fr"] as const) {
      await setLanguage(scene, language);
      for (const size of [[360, 640], [640, 360], [768, 1024], [1280, 800]] as const) {
        await scene.page.setViewportSize({ width: size[0], height: size[1] });
        await until(
          `a button that covers nobody at ${size}, ${language}`,
          () =>
            scene.page.evaluate(() => {
              const own = document.getElementById("self")?.getBoundingClientRect() as DOMRect;
              const tiles = [...document.querySelectorAll(".tile:not([hidden])")];
              return own.width >= 48 && own.height >= 48 && own.left >= 0 &&
                own.right <= innerWidth &&
                tiles.every((tile) => tile.getBoundingClientRect().bottom <= own.top);
            }),
        );
      }
    }
  });
  await step(
    "with one other person it leaves their name visible",
    { hosted: true },
    async (scene) => {
      await meet(scene);
      await scene.page.tap("#self-hide");
      for (const language of ["en", "fr", "ar", "pt", "es", "sw"] as const) {
        await setLanguage(scene, language);
        const own = await scene.page.locator("#self").boundingBox();
        const name = await scene.page.locator(".tile .name").boundingBox();
        ok(own && name && own.y + own.height <= name.y && own.x >= 0, language);
        ok(own && own.x + own.width <= 360, language);
      }
    },
  );
});
