/// <reference lib="dom" />
/** What a person chose outlives what happens to the page: a broken network, a step back, an app. */
import { deepEqual, equal } from "node:assert/strict";
import type { Browser } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Puppet, PUPPET_SDK } from "../support/puppet_sdk.ts";
import { enterCall, openScene, type Scene, type SceneOptions } from "./scenes.ts";
import { PROVIDER, until } from "./support.ts";

// Parts of a browser outlive its close by a moment; nothing of the page under test does.
const LOOSE = { sanitizeOps: false, sanitizeResources: false };
const TEXTS = clientTexts("en");

/** What the page shows of itself. */
function look({ phone: { page } }: Scene) {
  return page.evaluate(() => {
    const state = (id: string) => document.getElementById(id)?.dataset["state"] ?? "";
    const notice = document.getElementById("notice");
    return {
      phase: document.body.dataset["phase"] ?? "",
      microphone: state("mic"),
      camera: state("camera"),
      notice: notice?.hidden === false ? document.getElementById("notice-text")?.textContent : "",
    };
  });
}
/** What stands on the stage, and what is said around it. */
function surroundings({ phone: { page } }: Scene) {
  return page.evaluate(() => {
    const hidden = (id: string) => document.getElementById(id)?.hidden;
    return {
      phase: document.body.dataset["phase"],
      status: document.getElementById("status")?.textContent,
      tiles: [...document.querySelectorAll(".tile")].map((tile) =>
        [tile.getAttribute("aria-label"), tile.className, tile.querySelector("video") !== null]
          .join()
      ),
      said: document.getElementById("chat-list")?.textContent,
      microphone: document.getElementById("mic")?.dataset["state"],
      hidden: ["captions", "sharing", "notice", "self"].map(hidden),
    };
  });
}
type Look = Awaited<ReturnType<typeof look>>;
const sees = (scene: Scene, what: string, fits: (now: Look) => boolean) =>
  until(what, async () => fits(await look(scene)));
const send = ({ phone: { page } }: Scene, command: string) =>
  page.evaluate((name) => Reflect.get(globalThis, "chimePage").send({ command: name }), command);
const happen = ({ phone: { page } }: Scene, ...events: string[]) =>
  page.evaluate((names) => {
    for (const name of names) {
      dispatchEvent(
        name.startsWith("page")
          ? new PageTransitionEvent(name, { persisted: true })
          : new Event(name),
      );
    }
  }, events);

Deno.test({ name: "what was chosen stays chosen", ...LOOSE }, async (t) => {
  const browser: Browser = await launchBrowser();
  const step = (name: string, options: SceneOptions, play: (scene: Scene) => Promise<void>) =>
    t.step(name, async () => {
      const scene = await openScene(browser, options);
      scene.visit.status = "open";
      try {
        await play(scene);
        deepEqual(scene.phone.errors, []);
      } finally {
        await scene.close();
      }
    });
  const filmed = (scene: Scene) => sees(scene, "the camera", ({ camera }) => camera === "on");
  try {
    await step(
      "who is muted and unseen is so in a call that begins again by itself",
      { data: { lobby: true } },
      async (scene) => {
        const { page } = scene.phone;
        await enterCall(scene);
        await filmed(scene);
        await page.click("#mic");
        await page.click("#camera");
        await page.click("#more");
        await page.click("#saver");
        await page.keyboard.press("Escape");
        await scene.pull("stop", "AudioDisconnected");
        await sees(scene, "a failure", ({ phase }) => phase === "failed");
        await happen(scene, "online");
        await sees(scene, "the call", ({ phase }) => phase === "in-call");
        const { microphone, camera } = await look(scene);
        deepEqual([microphone, camera], ["off", "off"]);
        equal(await page.getAttribute("#saver", "aria-pressed"), "true");
        await page.click("#mic");
        await sees(scene, "the microphone", (now) => now.microphone === "on");
      },
    );
    await step(
      "what a session says after its end does not reach the next call",
      { group: true },
      async (scene) => {
        const { page } = scene.phone;
        const company = async () => {
          await enterCall(scene);
          await filmed(scene);
          await scene.company(2);
        };
        await company();
        await scene.pull("stop", "AudioDisconnected");
        await sees(scene, "a failure", ({ phase }) => phase === "failed");
        await happen(scene, "online");
        await company();
        const before = await surroundings(scene);
        await page.evaluate((doctor) => {
          const [old] = Reflect.get(globalThis, "puppets") as Puppet[];
          const id = `a-${doctor}`;
          old?.mute(id, true);
          old?.speak(id);
          old?.say(doctor, { id: "late", text: "Words of the last call" });
          old?.say(doctor, { rung: 0, poor: true }, "network");
          old?.caption(id, doctor, "Words of the last call");
          old?.enter("a-late", "late", 100);
          // The ids of pictures count from one in each session.
          for (let picture = 0; picture < 3; picture++) old?.enter(`b-${picture}`, "late", 100);
          for (let picture = 0; picture < 3; picture++) old?.dark(`b-${picture}`);
          old?.exit(id);
          old?.unplug();
          old?.share();
          old?.pass(10, 400, 9);
          old?.reconnect();
          old?.stop("Left");
        }, PROVIDER.id);
        deepEqual(await surroundings(scene), before);
        await scene.pull("say", PROVIDER.id, { id: "1", text: "Words of this call" });
        await until(
          "the words",
          async () => (await surroundings(scene)).said?.includes("Words of this call") === true,
        );
      },
    );
    await step("a screen that was shared is not after leaving", {}, async (scene) => {
      const shared = () =>
        scene.phone.page.evaluate(() => Reflect.get(globalThis, "puppet").shared());
      await enterCall(scene);
      await scene.pull("share");
      equal(await shared(), true);
      await scene.phone.page.click("#leave");
      await sees(scene, "the end", ({ phase }) => phase === "left");
      equal(await shared(), false);
    });
    await step("an app that goes to the background by two words gets its camera back", {
      data: { lobby: true },
    }, async (scene) => {
      const looking = scene.phone.page.locator("#look");
      const away = async () => {
        await send(scene, "background");
        await send(scene, "background");
      };
      await until("the own picture", () => looking.isVisible());
      await away();
      await until("dark", () => looking.isHidden());
      await send(scene, "foreground");
      await until("the own picture", () => looking.isVisible());
      await enterCall(scene);
      await filmed(scene);
      await away();
      await sees(scene, "dark", ({ camera }) => camera === "off");
      await send(scene, "foreground");
      await filmed(scene);
    });
    await step("a camera that is off in the lobby is off when the lobby comes again", {
      data: { lobby: true },
    }, async (scene) => {
      const { page } = scene.phone;
      await until("the own picture", () => page.locator("#look").isVisible());
      await page.click("#try-camera");
      await happen(scene, "pagehide", "pageshow");
      await until("the lobby", () => scene.visit.calls.includes("POST /visit/join"));
      await until(
        "the microphone",
        async () => await page.getAttribute("#try-mic", "data-state") === "on",
      );
      equal(await page.getAttribute("#try-camera", "data-state"), "off");
    });
    await step("a step back takes nobody who left into the call", {}, async (scene) => {
      await enterCall(scene);
      await scene.phone.page.click("#leave");
      await sees(scene, "the end", ({ phase }) => phase === "left");
      await happen(scene, "pagehide", "pageshow");
      equal((await look(scene)).phase, "left");
      deepEqual(scene.visit.calls, []);
    });
    await step("who ended it for everybody and goes back in stays in", {
      data: { self: PROVIDER },
    }, async (scene) => {
      const { page } = scene.phone;
      await page.clock.install();
      await enterCall(scene);
      await page.route("**/end", (route) => route.fulfill({ status: 204 }));
      await page.click("#leave");
      await page.click("#leave-all");
      await until("asked", () => page.locator("#leave-sheet").isHidden());
      await scene.pull("stop", "MeetingEnded");
      await page.click("#action");
      await sees(scene, "the call", ({ phase }) => phase === "in-call");
      await page.clock.fastForward(6_000);
      await page.clock.fastForward(6_000);
      equal((await look(scene)).phase, "in-call");
    });
    await step("a notice stays until what it says is over", {}, async (scene) => {
      const { page } = scene.phone;
      await enterCall(scene);
      await filmed(scene);
      await happen(scene, "offline");
      await page.click("#mic");
      await sees(scene, "muted", ({ microphone }) => microphone === "off");
      equal((await look(scene)).notice, TEXTS.offline);
      await happen(scene, "online");
      await page.click("#camera");
      await page.evaluate(() => Object.assign(globalThis, { puppetTrouble: "NotReadableError" }));
      await page.click("#camera");
      await sees(scene, "a reason", ({ notice }) => notice === TEXTS.cameraBusy);
      await page.evaluate(() => Object.assign(globalThis, { puppetTrouble: undefined }));
      await page.click("#camera");
      await filmed(scene);
      equal((await look(scene)).notice, "");
    });
    await step("after the call the focus is where it is said, and nothing listens on", {
      hosted: true,
    }, async (scene) => {
      const { page } = scene.phone;
      const listeners = () => page.evaluate(() => Reflect.get(globalThis, "puppet").listeners());
      const focused = (id: string) =>
        until(id, () => page.evaluate((wanted) => document.activeElement?.id === wanted, id));
      await enterCall(scene);
      equal(await listeners(), 1);
      await page.focus("#leave");
      await page.keyboard.press("Enter");
      await focused("card-title");
      equal(await listeners(), 0);
      await page.focus("#action");
      await page.keyboard.press("Enter");
      await sees(scene, "the call", ({ phase }) => phase === "in-call");
      equal(await listeners(), 1);
      await scene.pull("stop", "AudioDisconnected");
      await focused("card-title");
      equal(await listeners(), 0);
    });
    await step("who took the earpiece keeps it in a call that begins again", {
      hosted: true,
    }, async (scene) => {
      const { page } = scene.phone;
      await enterCall(scene);
      await page.click("#more");
      await page.click("#route");
      await page.keyboard.press("Escape");
      await scene.pull("stop", "AudioDisconnected");
      await happen(scene, "online");
      await sees(scene, "the call", ({ phase }) => phase === "in-call");
      const heard = await page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
      deepEqual(
        heard.map((text) => JSON.parse(text)).filter(({ event }) => event === "audio-route")
          .map(({ data }) => data.route),
        ["speaker", "earpiece", "default", "earpiece"],
      );
    });
    await step(
      "a prompt that is answered after the call says nothing any more",
      {},
      async (scene) => {
        const { page } = scene.phone;
        await enterCall(scene);
        await page.click("#leave");
        await sees(scene, "the end", ({ phase }) => phase === "left");
        await page.evaluate(() => {
          const media = navigator.mediaDevices;
          const open = media.getUserMedia.bind(media);
          const opened: MediaStreamTrack[] = [];
          media.getUserMedia = async (constraints) => {
            await new Promise((done) => addEventListener("answered", done));
            const stream = await open(constraints);
            opened.push(...stream.getTracks());
            return stream;
          };
          Object.assign(globalThis, { opened });
        });
        await page.click("#action");
        await sees(scene, "the call", ({ phase }) => phase === "in-call");
        await page.click("#leave");
        await sees(scene, "the end", ({ phase }) => phase === "left");
        await happen(scene, "answered");
        await until("let go", () =>
          page.evaluate(() => {
            const opened = Reflect.get(globalThis, "opened") as MediaStreamTrack[];
            return opened.length === 2 && opened.every(({ readyState }) => readyState === "ended");
          }));
        equal((await look(scene)).notice, "");
      },
    );
    await step("words go out while a phone call has the sound", {}, async (scene) => {
      const { page } = scene.phone;
      await enterCall(scene);
      await page.evaluate(() => Reflect.get(globalThis, "puppetDevices").hold());
      await sees(scene, "the hold", ({ phase }) => phase === "on-hold");
      await page.click("#chat-open");
      await page.fill("#chat-text", "One moment, my phone rings");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#chat-list [data-state=sent]");
    });
    await step("Join asks again for a file that failed while the person was in the lobby", {
      data: { lobby: true },
      sdk: "missing",
      hosted: true,
    }, async (scene) => {
      const { page } = scene.phone;
      let asked = 0;
      let there = false;
      await page.route("**/sdk.js*", (route) => {
        asked++;
        return route.fulfill(
          there
            ? {
              contentType: "text/javascript",
              body: PUPPET_SDK,
              headers: { "access-control-allow-origin": "*" },
            }
            : { status: 404 },
        );
      });
      // The document's own question, and two by the page; then it rests for five seconds.
      await until("given up", () => asked >= 2);
      there = true;
      await enterCall(scene);
      const heard = await page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
      deepEqual(heard.filter((text) => text.includes('"error"')), []);
    });
  } finally {
    await browser.close();
  }
});
