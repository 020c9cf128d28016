/// <reference lib="dom" />
/** What survives a reconnect, and what must not. */
import { deepEqual, equal } from "node:assert/strict";
import { untilPhase } from "../support/browser.ts";
import { fire, hostMessages } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import type { Puppet } from "../support/puppet.ts";
import { enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { look, sceneTest, sees, untilFilmed } from "./scene_steps.ts";

/** What is on the stage and around it. */
function appearance({ page }: Scene) {
  return page.evaluate(() => {
    const hidden = (id: string) => document.getElementById(id)?.hidden;
    return {
      phase: document.body.dataset["phase"],
      status: document.getElementById("status")?.textContent,
      tiles: [...document.querySelectorAll(".tile")].map((tile) =>
        [tile.getAttribute("aria-label"), tile.className, tile.querySelector("video") !== null]
          .join()
      ),
      messages: document.getElementById("chat-list")?.textContent,
      microphone: document.getElementById("mic")?.dataset["state"],
      hidden: ["captions", "sharing", "notice", "self"].map(hidden),
    };
  });
}

sceneTest("what survives a reconnect", async (step) => {
  await step(
    "mute, camera off and data saver survive a reconnect",
    { data: { lobby: true } },
    async (scene) => {
      const { page } = scene;
      await enterCall(scene);
      await untilFilmed(scene);
      await page.click("#mic");
      await page.click("#camera");
      await page.click("#more");
      await page.click("#saver");
      await page.keyboard.press("Escape");
      await scene.pull("stop", "AudioDisconnected");
      await untilPhase(page, "failed");
      await fire(scene.page, "online");
      await untilPhase(page, "in-call");
      const { microphone, camera } = await look(scene);
      deepEqual([microphone, camera], ["off", "off"]);
      equal(await page.getAttribute("#saver", "aria-pressed"), "true");
      await page.click("#mic");
      await sees(scene, "the microphone", (now) => now.microphone === "on");
    },
  );
  await step("the choice of the earpiece survives a reconnect", {
    hosted: true,
  }, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await page.click("#more");
    await page.click("#route");
    await page.keyboard.press("Escape");
    await scene.pull("stop", "AudioDisconnected");
    await fire(scene.page, "online");
    await untilPhase(page, "in-call");
    deepEqual(
      (await hostMessages(page)).flatMap((message) =>
        message.event === "audio-route" ? [message.data.route] : []
      ),
      ["speaker", "earpiece", "default", "earpiece"],
    );
  });
  await step(
    "callbacks of an ended session do not reach the next call",
    { group: true },
    async (scene) => {
      const { page } = scene;
      const company = async () => {
        await enterCall(scene);
        await untilFilmed(scene);
        await scene.company(2);
      };
      await company();
      await scene.pull("stop", "AudioDisconnected");
      await untilPhase(page, "failed");
      await fire(scene.page, "online");
      await company();
      const before = await appearance(scene);
      await page.evaluate((doctor) => {
        const [old] = Reflect.get(globalThis, "puppets") as Puppet[];
        const id = `a-${doctor}`;
        old?.mute(id, true);
        old?.speak(id);
        old?.say(doctor, { id: "late", text: "Sent in the last call" });
        old?.say(doctor, { rung: 0, poor: true }, "network");
        old?.caption(id, doctor, "Sent in the last call");
        old?.enter("a-late", "late", 100);
        // Tile ids count from one in each session.
        for (let picture = 0; picture < 3; picture++) old?.enter(`b-${picture}`, "late", 100);
        for (let picture = 0; picture < 3; picture++) old?.dark(`b-${picture}`);
        old?.exit(id);
        old?.unplug();
        old?.share();
        old?.pass(10, 400, 9);
        old?.reconnect();
        old?.stop("Left");
      }, PROVIDER.id);
      deepEqual(await appearance(scene), before);
      await scene.pull("say", PROVIDER.id, { id: "1", text: "Sent in this call" });
      await until(
        "the message",
        async () => (await appearance(scene)).messages?.includes("Sent in this call") === true,
      );
    },
  );
});
