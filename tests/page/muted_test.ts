/// <reference lib="dom" />
/** Whoever has muted themselves is not heard: in a real call of two browsers. */
import { untilInPage } from "../support/browser.ts";
import { equal, ok } from "node:assert/strict";
import { until } from "./support.ts";
import { type Side, twoPhones } from "./two_phones.ts";

const state = ({ phone: { page } }: Side, id: string) => page.getAttribute(`#${id}`, "data-state");

/** What one side hears while so many packets of sound come to it. */
async function hear(side: Side, packets: number) {
  const before = await side.counts();
  let now = before;
  await until(
    `${packets} packets of sound`,
    async () => (now = await side.counts()).sound - before.sound >= packets,
  );
  return { energy: now.energy - before.energy, packets: now.sound - before.sound };
}

Deno.test({
  name: "who is muted is not heard when sound and camera are restored, and own messages stay own",
  // Parts of a browser outlive its close by a moment; nothing of the page under test does.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  const { patient, provider, close } = await twoPhones({
    before: (page) =>
      page.addInitScript(() => {
        const opened: MediaStreamTrack[] = [];
        Object.assign(globalThis, { opened });
        const media = navigator.mediaDevices;
        const open = media.getUserMedia.bind(media);
        media.getUserMedia = async (constraints) => {
          if (sessionStorage.getItem("slow") !== null) {
            Object.assign(globalThis, { asked: true });
            await new Promise((done) => addEventListener("answered", done, { once: true }));
          }
          const stream = await open(constraints);
          opened.push(...stream.getTracks());
          return stream;
        };
      }),
  });
  const { page } = patient.phone;
  const mutedForOther = () => provider.phone.page.locator(".tile.muted").count();
  try {
    const voice = await hear(provider, 150);
    ok(voice.energy > 0, "the other one is heard while they are not muted");
    const quiet = async () => {
      const { energy, packets } = await hear(provider, 150);
      ok(energy / packets < voice.energy / voice.packets / 100, JSON.stringify({ energy, voice }));
    };
    await t.step("the microphone's track ends, and is restored", async () => {
      await page.click("#mic");
      await until("muted", async () => await mutedForOther() === 1);
      await page.evaluate(() => {
        const track = (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
          .find(({ kind }) => kind === "audio");
        track?.stop();
        track?.dispatchEvent(new Event("ended"));
      });
      await page.click("#restore");
      await until(
        "a new track",
        () =>
          page.evaluate(() =>
            (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
              .filter(({ kind, readyState }) => kind === "audio" && readyState === "live")
              .length === 1
          ),
      );
      await page.waitForSelector("body[data-phase=in-call]");
      equal(await state(patient, "mic"), "off");
      // What was on its way.
      await hear(provider, 50);
      await quiet();
      equal(await mutedForOther(), 1);
      equal(await state(patient, "mic"), "off");
    });
    await t.step("their own unmute is heard", async () => {
      await page.click("#mic");
      await until("not muted", async () => await mutedForOther() === 0);
      ok((await hear(provider, 150)).energy > voice.energy / 10);
    });
    await t.step("muted while the prompt is open, before the call begins", async () => {
      await page.evaluate(() => sessionStorage.setItem("slow", ""));
      await page.reload();
      await untilInPage(page, () => Reflect.get(globalThis, "asked") === true);
      await page.evaluate(() => {
        sessionStorage.removeItem("slow");
        Reflect.get(globalThis, "chimePage").send({ command: "mute" });
        dispatchEvent(new Event("answered"));
      });
      await page.waitForSelector("body[data-phase=in-call]");
      await until("muted", async () => await mutedForOther() === 1);
      await hear(provider, 50);
      await quiet();
      equal(await state(patient, "mic"), "off");
      await page.click("#mic");
      await until("not muted", async () => await mutedForOther() === 0);
      ok((await hear(provider, 150)).energy > voice.energy / 10);
    });
    await t.step("own messages are own after a reload, and in their order", async () => {
      const write = async (side: Side, text: string) => {
        if (!await side.phone.page.locator("#chat").isVisible()) {
          await side.phone.page.click("#chat-open");
        }
        await side.phone.page.fill("#chat-text", text);
        await side.phone.page.keyboard.press("Enter");
        await side.phone.page.waitForSelector(`#chat-list li[data-state=sent] >> text="${text}"`);
      };
      await write(patient, "Good morning");
      await write(provider, "Hello");
      await write(patient, "It hurts here");
      await page.reload();
      await page.waitForSelector("body[data-phase=in-call]");
      await until("the messages", async () => await page.locator("#chat-list li").count() === 3);
      const lines = await page.locator("#chat-list li").evaluateAll((items) =>
        items.map((item) => [
          item.getAttribute("data-state"),
          item.querySelector(".from")?.textContent ?? null,
          item.querySelector(".text")?.textContent,
        ])
      );
      equal(
        JSON.stringify(lines),
        JSON.stringify([
          ["sent", null, "Good morning"],
          [null, "Dr. Amina Nkolo", "Hello"],
          ["sent", null, "It hurts here"],
        ]),
      );
      // One message of the other one, and none of one's own.
      equal(await page.locator("#chat-badge").innerText(), "1");
    });
    equal(JSON.stringify([patient.phone.errors, provider.phone.errors]), "[[],[]]");
  } finally {
    await close();
  }
});
