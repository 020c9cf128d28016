/// <reference lib="dom" />
/** The layout of the lobby: what is on the preview, and that nothing makes Join jump. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  type Language,
  LANGUAGE_NAMES,
} from "../../supabase/functions/chime-page/contract/languages.ts";
import { browserTest } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { openScene, type Scene, type SceneOptions, withScene } from "../support/scene.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { outOfSight, settled } from "./sight.ts";

const LOBBY = { data: { lobby: true } };
const SIZES = [[360, 640], [640, 360], [768, 1024], [1280, 800]] as const;

/** Leaves the prompt for camera and microphone open until `answerPrompt`. */
const holdPrompt: SceneOptions["before"] = (page) =>
  page.addInitScript(() => {
    const ask = navigator.mediaDevices.getUserMedia;
    let answer = () => {};
    const answered = new Promise<void>((done) => answer = done);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      await answered;
      return await ask(wanted);
    };
    Object.assign(globalThis, { answerPrompt: answer });
  });

const answerPrompt = (page: Page, trouble?: string) =>
  page.evaluate((name) => {
    Object.assign(globalThis, { puppetTrouble: name });
    Reflect.get(globalThis, "answerPrompt")();
  }, trouble);

const shown = (page: Page, selector: string) => page.locator(selector).waitFor();
const boxOf = async (page: Page, id: string) => {
  await settled(page);
  const box = await page.locator(id).boundingBox();
  return box && [box.x, box.y, box.width, box.height].map(Math.round).join();
};

browserTest("Join stays where it is, whatever happens in the lobby", async (browser, t) => {
  const join = (scene: Scene) => boxOf(scene.page, "#join");
  for (const [width, height] of SIZES) {
    const phone = { width, height };
    await t.step(`${width}x${height}`, async () => {
      const scene = await openScene(browser, {
        data: { lobby: true, self: PROVIDER },
        phone,
        language: "fr",
        before: holdPrompt,
      });
      const { page, visit } = scene;
      await shown(page, "#use");
      const first = await join(scene);
      await answerPrompt(page);
      await shown(page, "#look");
      await shown(page, "#mics");
      equal(await join(scene), first, "with a picture and device lists");
      await page.click("#try-camera");
      equal(await join(scene), first, "with the camera off");
      visit.present = [PATIENT.id];
      await shown(page, "#who-waits:not(:empty)");
      equal(await join(scene), first, "with somebody who waits");
      await scene.close();

      const refused = await openScene(browser, {
        ...LOBBY,
        phone,
        language: "fr",
        before: holdPrompt,
      });
      await shown(refused.page, "#use");
      equal(await join(refused), first);
      await answerPrompt(refused.page, "NotAllowedError");
      await shown(refused.page, "#lobby-help:not(:empty)");
      equal(await join(refused), first, "with help");
      await refused.close();

      const bare = await openScene(browser, {
        ...LOBBY,
        phone,
        language: "fr",
        before: (page) => page.route("**/files/*", (route) => route.abort()),
      });
      await shown(bare.page, "#look");
      equal(await join(bare), first, "before the in-call bundle");
      await bare.close();
    });
  }
});

browserTest("nothing that matters is below the fold of a small phone", async (browser, t) => {
  const ids = ["leave", "more", "card-title", "preview", "try-mic", "try-camera"];
  const rows = ["level", "test-sound", "use", "mics", "join"];
  for (const language of Object.keys(LANGUAGE_NAMES) as Language[]) {
    await t.step(language, () =>
      withScene(browser, { ...LOBBY, language }, async ({ page }) => {
        await shown(page, "#look");
        await shown(page, "#mics");
        await settled(page);
        // The middle of the preview is the preview's own video.
        deepEqual(await outOfSight(page, [...ids, ...rows]), []);
      }));
  }
});

browserTest("the preview", async (browser, t) => {
  await t.step(
    "has the name and, with the camera off, the initials of the person",
    () =>
      withScene(browser, LOBBY, async ({ page }) => {
        await shown(page, "#look");
        equal(await page.locator(".look .name").innerText(), PATIENT.name);
        const inMiddle = () =>
          page.locator("#preview").evaluate((preview) => {
            const face = preview.querySelector(".face")?.getBoundingClientRect() as DOMRect;
            return document.elementFromPoint(face.x + face.width / 2, face.y + face.height / 2)
              ?.className;
          });
        equal(await inMiddle(), "front");
        await page.click("#try-camera");
        await until("the initials", async () => await inMiddle() === "face");
        equal(await page.locator(".look .face").innerText(), "JE");
      }),
  );
  await t.step(
    "has buttons of 48 pixels, which say what they switch and whether it is on",
    () =>
      withScene(browser, LOBBY, async ({ page }) => {
        await shown(page, "#look");
        for (const name of ["Microphone", "Camera"]) {
          const button = page.getByRole("button", { name, exact: true, pressed: true });
          const box = await button.boundingBox();
          deepEqual([box?.width, box?.height], [48, 48]);
          await button.focus();
          await page.keyboard.press("Space");
          await page.getByRole("button", { name, exact: true, pressed: false }).waitFor();
        }
      }),
  );
});

browserTest("the sound check", async (browser, t) => {
  await t.step("asks to speak, and says so when it has heard something", () =>
    withScene(browser, {
      ...LOBBY,
      before: (page) =>
        page.addInitScript(() => {
          // A voice that begins on demand.
          const context = new AudioContext();
          const voice = context.createOscillator();
          const volume = context.createGain();
          volume.gain.value = 0;
          voice.connect(volume);
          voice.start();
          const target = context.createMediaStreamDestination();
          volume.connect(target);
          const ask = navigator.mediaDevices.getUserMedia;
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            const stream = await ask(wanted);
            return new MediaStream([...stream.getVideoTracks(), ...target.stream.getAudioTracks()]);
          };
          Object.assign(globalThis, { speak: () => volume.gain.value = 0.5 });
        }),
    }, async ({ page }) => {
      const hint = () => page.locator("#level-hint").innerText();
      await until("the request", async () => /the bar should move/.test(await hint()));
      await page.evaluate("speak()");
      await until("an answer", async () => await hint() === "Your microphone works.");
      ok(Number(await page.getAttribute("#level", "value")) > 50);
    }));
  await t.step("plays a tone, and says what to do if nobody heard it", () =>
    withScene(browser, {
      ...LOBBY,
      before: (page) =>
        page.addInitScript(() => {
          const notes: string[] = [];
          const start = OscillatorNode.prototype.start;
          OscillatorNode.prototype.start = function (when) {
            notes.push(this.context.state);
            start.call(this, when);
          };
          Object.assign(globalThis, { notes });
        }),
    }, async ({ page }) => {
      await shown(page, "#use");
      await page.click("#test-sound");
      await until("four notes", async () =>
        (await page.evaluate<string[]>("notes")).join() === "running,running,running,running");
      equal(await page.locator("#level-hint").innerText(), "Nothing heard? Turn up the volume.");
    }));
});

browserTest("the lobby with text of 200 %, and in forced colors", async (browser, t) => {
  await t.step(
    "large text keeps Join in sight, and the rest can be scrolled to",
    () =>
      withScene(browser, { ...LOBBY, language: "fr" }, async ({ page }) => {
        await shown(page, "#mics");
        await page.evaluate(() => document.documentElement.style.fontSize = "200%");
        await settled(page);
        deepEqual(await outOfSight(page, ["join", "leave"]), []);
        for (const id of ["try-mic", "test-sound", "use", "mics"]) {
          await page.locator(`#${id}`).focus();
          await settled(page);
          deepEqual(await outOfSight(page, [id]), []);
        }
      }),
  );
  await t.step(
    "forced colors keep the edges of buttons, and show which device is off",
    () =>
      withScene(browser, LOBBY, async ({ page }) => {
        await page.emulateMedia({ forcedColors: "active" });
        await shown(page, "#look");
        await page.click("#try-camera");
        const styles = await page.locator(".choice").evaluateAll((buttons) =>
          buttons.map((button) => {
            const { borderTopWidth, backgroundColor } = getComputedStyle(button);
            const crossed = button.querySelector(".when-off");
            return [borderTopWidth, backgroundColor, crossed && getComputedStyle(crossed).display];
          })
        );
        const [mic, camera] = styles;
        deepEqual([mic?.[0], mic?.[2]], ["1px", "none"]);
        deepEqual([camera?.[0], camera?.[2]], ["1px", "inline"]);
      }),
  );
});
