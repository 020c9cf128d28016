/// <reference lib="dom" />
/** Two people in a real call: the stage, the own picture, and what a weak network does to tiles. */
import { deepEqual, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { until } from "../support/patience.ts";
import { PATIENT } from "../support/visit_page.ts";
import { callTest, perceive, sees } from "./call_setup.ts";

/** What the tile of the other person, or the self view, says and whether it is large and pinned. */
const tile = (page: Page, selector: string) =>
  page.evaluate((selector) => {
    const found = document.querySelector<HTMLElement>(selector);
    const text = (part: string) => {
      const node = found?.querySelector<HTMLElement>(part);
      return node?.offsetParent ? node.getAttribute("aria-label") ?? node.innerText : "";
    };
    return {
      bars: text(".bars"),
      state: text(".tile-state"),
      pinned: found?.querySelector(".pin")?.getAttribute("aria-pressed"),
      large: (found?.clientHeight ?? 0) > innerHeight / 3,
    };
  }, selector);
const PERSON = ".tile:not(.content)";

callTest("the stage of a real call", async (t, call) => {
  const { meeting } = call;
  const { phone: patientPhone, page: patient } = call.patient;
  const { phone: providerPhone, page: provider } = call.provider;
  await t.step("a person who hides their own picture is still seen", async () => {
    await patient.tap("#self-hide");
    await patient.waitForSelector("#self-show:visible");
    const { frames } = await perceive(provider);
    await sees(provider, "more frames", (now) => now.seen && now.frames > frames + 5);
  });
  await t.step("each sees how good the other's connection is", async () => {
    for (const [page, language] of [[patient, "en"], [provider, "fr"]] as const) {
      const words = [1, 2, 3].map((bars) => clientTexts(language)[`signal${bars as 1 | 2 | 3}`]);
      await until("bars", async () => words.includes((await tile(page, PERSON)).bars));
    }
  });
  await t.step(
    "a shared screen is large and can be zoomed, a pinned person is larger",
    async () => {
      await provider.click("#more");
      await provider.click("#share");
      await patient.waitForSelector(".tile.content.large.seen");
      await patient.tap(".zoom-in");
      const zoom = await patient.evaluate(() => {
        const video = document.querySelector<HTMLVideoElement>(".content video");
        return [video?.clientWidth, 2 * (video?.parentElement?.clientWidth ?? 0)];
      });
      deepEqual(zoom[0], zoom[1]);
      await patient.tap(`${PERSON} .pin`);
      const { pinned, large } = await tile(patient, PERSON);
      deepEqual([pinned, large], ["true", true]);
    },
  );
  await t.step("both choices survive a reconnect", async () => {
    await patient.evaluate(() => {
      const phases: string[] = [];
      Object.assign(globalThis, { phases });
      const note = () => phases.push(document.body.dataset["phase"] ?? "");
      new MutationObserver(note).observe(document.body, { attributeFilter: ["data-phase"] });
    });
    for (const kind of ["deaf", "drop-socket"] as const) {
      const target = { attendee: PATIENT.id };
      meeting.chime.faults.add(
        kind === "deaf" ? { kind, ...target, milliseconds: 5_000 } : { kind, ...target },
      );
    }
    await until(
      "a reconnect",
      () =>
        patient.evaluate(() => {
          const phases = Reflect.get(globalThis, "phases") as string[];
          return phases.includes("reconnecting") && document.body.dataset["phase"] === "in-call";
        }),
    );
    const { frames } = await perceive(patient);
    await sees(patient, "moving frames", (now) => now.seen && now.frames !== frames);
    await until("the pinned person", async () => {
      const { pinned, large } = await tile(patient, PERSON);
      return pinned === "true" && large;
    });
    await patient.waitForSelector("#self-show:visible");
    await patient.tap("#self-show");
    await sees(patient, "the own picture", ({ own }) => own);
    await provider.click("#stop-sharing");
    await until("no screen", async () => await patient.locator(".content").count() === 0);
  });
  await t.step("a weak network pauses video, and the tiles on both sides say so", async () => {
    meeting.chime.faults.add({ kind: "media", attendee: PATIENT.id, kbps: 60, delay: 100 });
    for (const [page, language] of [[patient, "en"], [provider, "fr"]] as const) {
      const texts = clientTexts(language);
      await until("paused video", async () => {
        const [other, own] = [await tile(page, PERSON), await tile(page, "#self")];
        return other.state === texts.videoPaused && own.state === texts.videoPaused;
      });
    }
    await until(
      "weak bars",
      async () => (await tile(provider, PERSON)).bars === clientTexts("fr").signal1,
    );
    // The camera of the patient is on all the time; switched off, it is no longer paused.
    ok((await perceive(patient)).own);
    await patient.click("#camera");
    await until("only initials", async () => (await tile(provider, PERSON)).state === "");
    await patient.click("#camera");
    meeting.chime.faults.clear();
    for (const page of [patient, provider]) {
      await sees(page, "pictures again", ({ seen, own }) => seen && own);
      await until("no state", async () => (await tile(page, PERSON)).state === "");
    }
    deepEqual([patientPhone.errors, providerPhone.errors], [[], []]);
  });
});
