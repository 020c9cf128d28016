/// <reference lib="dom" />
/** A muted person is not heard, in a real call between two browsers. */
import { untilPhase } from "../support/browser.ts";
import { keepTracks, promptsOf, tracksOf } from "../support/page_tracks.ts";
import { looseTest } from "../support/sanitizers.ts";
import { deepEqual, equal, ok } from "node:assert/strict";
import { type Side, twoPhones } from "./two_phones.ts";
import { until } from "../support/patience.ts";

const state = ({ phone: { page } }: Side, id: string) => page.getAttribute(`#${id}`, "data-state");

/** The audio energy that one side receives within so many packets. */
async function hear(side: Side, packets: number) {
  const before = await side.counts();
  let now = before;
  await until(
    `${packets} audio packets`,
    async () => (now = await side.counts()).packetsReceived - before.packetsReceived >= packets,
  );
  return {
    energy: now.totalAudioEnergy - before.totalAudioEnergy,
    packets: now.packetsReceived - before.packetsReceived,
  };
}

looseTest("mute survives restored devices, late prompts and reloads", async (t) => {
  const { patient, provider, close } = await twoPhones({ before: (page) => keepTracks(page) });
  const { page } = patient.phone;
  const mutedForOther = () => provider.phone.page.locator(".tile.muted").count();
  try {
    const voice = await hear(provider, 150);
    ok(voice.energy > 0, "an unmuted person is heard");
    const quiet = async () => {
      const { energy, packets } = await hear(provider, 150);
      ok(energy / packets < voice.energy / voice.packets / 100, JSON.stringify({ energy, voice }));
    };
    await t.step(
      "a muted person stays muted when another microphone takes over from an ended one",
      async () => {
        await page.click("#mic");
        await until("muted", async () => await mutedForOther() === 1);
        await page.evaluate(() => {
          const track = (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
            .find(({ kind }) => kind === "audio");
          track?.stop();
          track?.dispatchEvent(new Event("ended"));
        });
        await until(
          "a new track",
          async () => (await tracksOf(page)).filter((one) => one === "audio live").length === 1,
        );
        await untilPhase(page, "in-call");
        equal(await state(patient, "mic"), "off");
        // Packets that were already on their way.
        await hear(provider, 50);
        await quiet();
        equal(await mutedForOther(), 1);
        equal(await state(patient, "mic"), "off");
      },
    );
    await t.step("an unmuted person is heard again", async () => {
      await page.click("#mic");
      await until("not muted", async () => await mutedForOther() === 0);
      ok((await hear(provider, 150)).energy > voice.energy / 10);
    });
    await t.step(
      "a person who mutes while the prompt is open is not heard in the call",
      async () => {
        await page.evaluate(() => sessionStorage.setItem("slow", ""));
        await page.reload();
        await until("the prompt", async () => await promptsOf(page) > 0);
        await page.evaluate(() => {
          sessionStorage.removeItem("slow");
          Reflect.get(globalThis, "chimePage").send({ command: "mute" });
          dispatchEvent(new Event("answered"));
        });
        await untilPhase(page, "in-call");
        await until("muted", async () => await mutedForOther() === 1);
        await hear(provider, 50);
        await quiet();
        equal(await state(patient, "mic"), "off");
        await page.click("#mic");
        await until("not muted", async () => await mutedForOther() === 0);
        ok((await hear(provider, 150)).energy > voice.energy / 10);
      },
    );
    await t.step("messages keep their sender and order after a reload", async () => {
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
      await untilPhase(page, "in-call");
      await until("the messages", async () => await page.locator("#chat-list li").count() === 3);
      const lines = await page.locator("#chat-list li").evaluateAll((items) =>
        items.map((item) => [
          item.getAttribute("data-state"),
          item.querySelector(".from")?.textContent ?? null,
          item.querySelector(".text")?.textContent,
        ])
      );
      deepEqual(lines, [
        ["sent", null, "Good morning"],
        [null, "Dr. Amina Nkolo", "Hello"],
        ["sent", null, "It hurts here"],
      ]);
      // One unread message, the provider's.
      equal(await page.locator("#chat-badge").innerText(), "1");
    });
    deepEqual([patient.phone.errors, provider.phone.errors], [[], []]);
  } finally {
    await close();
  }
});
