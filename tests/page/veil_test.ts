/// <reference lib="dom" />
/** What the page shows while it is not live, and the data counter, which counts the whole visit. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { until } from "../support/patience.ts";
import { COMPANY, enterCall, type Scene } from "../support/scene.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { sceneTest } from "./scene_steps.ts";

const doctor = `a-${PROVIDER.id}`;

/** Enters the call, in which the doctor speaks. */
async function listen(scene: Scene): Promise<void> {
  await enterCall(scene);
  await scene.company(1);
  await scene.pull("speak", doctor);
}

/** What covers the stage, and whether somebody is still shown as speaking. */
function seen({ page }: Scene) {
  return page.evaluate(() => {
    const veil = document.querySelector(".main > .veil");
    const stage = document.getElementById("stage")?.getBoundingClientRect();
    const box = veil?.getBoundingClientRect();
    const ring = document.querySelector(".tile.talking");
    const colour = (name: string) => {
      const probe = document.createElement("i");
      probe.style.color = `var(${name})`;
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    };
    const dot = document.querySelector(".dot");
    return {
      words: veil?.textContent ?? "",
      spins: veil?.querySelector(".spinner") !== undefined && veil !== null,
      covers: box !== undefined && box.width === stage?.width && box.height === stage.height,
      speaking: ring !== null && Number(getComputedStyle(ring, "::after").opacity) > 0.99,
      amber: dot !== null && getComputedStyle(dot).backgroundColor === colour("--warn"),
      status: document.getElementById("status")?.textContent,
      notice: document.getElementById("notice")?.offsetParent !== null,
    };
  });
}

sceneTest("what is not live does not look live", async (step) => {
  const live = {
    words: "",
    spins: false,
    covers: false,
    speaking: true,
    amber: false,
    status: "You are in the call",
    notice: false,
  };
  const covered = {
    ...live,
    words: "Connection lost. Reconnecting…",
    spins: true,
    covers: true,
    speaking: false,
    amber: true,
    status: "Connection lost. Reconnecting…",
  };
  const shows = (scene: Scene, expected: Awaited<ReturnType<typeof seen>>) =>
    until(JSON.stringify(expected), async () => {
      const now = await seen(scene);
      return JSON.stringify(now) === JSON.stringify(expected);
    });
  await step("while it reconnects", {}, async (scene) => {
    await listen(scene);
    await shows(scene, live);
    await scene.pull("reconnect");
    await shows(scene, covered);
    ok(await scene.page.locator(".tile.seen video").isVisible(), "the last picture stays below");
  });
  await step("while it is offline", {}, async (scene) => {
    await listen(scene);
    await scene.phone.context.setOffline(true);
    await shows(scene, { ...covered, notice: true });
    await scene.phone.context.setOffline(false);
    await shows(scene, live);
  });
});

sceneTest("the other person's status", async (step) => {
  const status = ({ page }: Scene) => page.locator("#status").innerText();
  const says = (scene: Scene, text: string) =>
    until(text, async () => await status(scene) === text);
  await step(
    "a person whom Chime reports twice and as gone once is still there",
    {},
    async (scene) => {
      await listen(scene);
      await scene.pull("enter", doctor, PROVIDER.id, null);
      await scene.pull("exit", doctor);
      await says(scene, "You are in the call");
      equal(await scene.page.locator(".tile").count(), 1);
      await scene.pull("exit", doctor);
      await says(scene, "Dr. Amina Nkolo has left. You can wait here or leave.");
    },
  );
  await step("a person with a second device is announced and told to the host once", {
    hosted: true,
  }, async (scene) => {
    await listen(scene);
    const announcement = scene.page.locator("#announce");
    await until("the announcement", async () => await announcement.textContent() !== "");
    await announcement.evaluate((one) => one.textContent = "");
    await scene.pull("enter", "another-device", PROVIDER.id, null);
    equal(await announcement.textContent(), "");
    await scene.pull("exit", doctor);
    await until("one tile", async () => await scene.page.locator(".tile").count() === 1);
    await says(scene, "You are in the call");
    const told = await scene.page.evaluate(() =>
      (Reflect.get(globalThis, "heard") as string[]).map((text) => JSON.parse(text))
        .filter(({ event }) => event === "participant").map(({ data }) => data.change)
    );
    deepEqual(told, ["joined"]);
  });
  await step(
    "a person of whom nothing is heard is covered until something is",
    {},
    async (scene) => {
      const { page } = scene;
      const report = { rung: 2, poor: false, next: 2 };
      await listen(scene);
      await scene.pull("pass", 1, 600, 2_000);
      await scene.pull("say", PROVIDER.id, report, "network");
      await scene.pull("pass", 6, 600, 2_000);
      const dropped = "Dr. Amina Nkolo’s connection dropped. Waiting for them to come back…";
      await says(scene, dropped);
      equal(await page.locator(".tile .veil").textContent(), dropped);
      ok((await seen(scene)).amber);
      // Chime has not noticed anything, so the same tile is shown again.
      await scene.pull("say", PROVIDER.id, report, "network");
      await says(scene, "You are in the call");
      equal(await page.locator(".veil").count(), 0);
      equal((await seen(scene)).amber, false);
      // Chime calls it leaving when it gives up a connection that was replaced after it dropped.
      await scene.pull("pass", 6, 600, 2_000);
      await says(scene, dropped);
      await scene.pull("exit", doctor);
      await until("no tile", async () => await page.locator(".tile").count() === 0);
      equal(await status(scene), dropped);
    },
  );
  await step("a person who leaves a group has left, although others are there", {
    group: true,
  }, async (scene) => {
    const amber = (expected: boolean) =>
      until("the dot", async () => (await seen(scene)).amber === expected);
    await enterCall(scene);
    await scene.company(2);
    await says(scene, "You are in the call");
    await scene.pull("exit", doctor);
    await says(scene, "Dr. Amina Nkolo has left. You can wait here or leave.");
    await amber(true);
    const colleague = COMPANY.find(({ role }) => role === "provider")?.id ?? "";
    await scene.pull("enter", "colleague", colleague, null);
    await says(scene, "You are in the call");
    await amber(false);
    await scene.pull("exit", "colleague");
    await scene.pull("enter", doctor, PROVIDER.id, null);
    await says(scene, "You are in the call");
  });
  await step("a provider is told of the patient, in a group with the number of others", {
    group: true,
    data: { self: PROVIDER },
  }, async (scene) => {
    const { page } = scene;
    equal(await page.locator("#heading").textContent(), `${PATIENT.name} + 14`);
    await enterCall(scene);
    await says(scene, `Waiting for ${PATIENT.name} to join`);
  });
  await step("in a group the heading counts those who are in the call", {
    group: true,
  }, async (scene) => {
    const heads = (text: string) =>
      until(text, async () => await scene.page.locator("#heading").textContent() === text);
    await heads("Dr. Amina Nkolo + 14");
    await enterCall(scene);
    await heads("Dr. Amina Nkolo + 14");
    await scene.company(3);
    await heads("Dr. Amina Nkolo + 2");
    await scene.pull("enter", "stranger", "not-invited", null);
    await heads("Dr. Amina Nkolo + 3");
    await scene.pull("exit", "stranger");
    await scene.pull("exit", doctor);
    await heads("Dr. Samuel Fotso + 1");
  });
});

sceneTest("the data counter", async (step) => {
  await step("goes on after a reload and in the next call", {}, async (scene) => {
    const { page } = scene;
    const used = async (megabytes: number) =>
      await until(
        `${megabytes} MB`,
        async () => await page.locator("#used").textContent() === `${megabytes} MB used`,
      );
    await listen(scene);
    await scene.pull("pass", 10, 8_000, 9_000);
    await used(10);
    await page.reload();
    await listen(scene);
    await scene.pull("pass", 2, 8_000, 9_000);
    await used(12);
    await page.click("#leave");
    await page.click("#action");
    await listen(scene);
    await scene.pull("pass", 1, 8_000, 9_000);
    await used(13);
  });
});
