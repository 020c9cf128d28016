/// <reference lib="dom" />
/** Two people in a real call: messages, captions, a shared screen, and the end. */
import { StartMeetingTranscriptionCommand } from "@aws-sdk/client-chime-sdk-meetings";
import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Language } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { tracksOf } from "../support/page_tracks.ts";
import { until } from "../support/patience.ts";
import { PATIENT } from "../support/visit_page.ts";
import { callTest, perceive, sees } from "./call_setup.ts";

callTest("two people share messages, captions and a screen, and leave", async (t, call) => {
  const { meeting } = call;
  const { phone: patientPhone, page: patient } = call.patient;
  const { phone: providerPhone, page: provider } = call.provider;
  await t.step(
    "a message reaches the other, is confirmed, and counts as unread",
    async () => {
      await patient.click("#chat-open");
      await patient.fill("#chat-text", "J’ai mal ici 😷");
      await patient.keyboard.press("Enter");
      await until(
        "confirmed",
        async () => await patient.locator("#chat-list [data-state=sent]").count() === 1,
      );
      await patient.click("#chat-close");
      equal(await provider.locator("#chat-badge").innerText(), "1");
      await provider.click("#chat-open");
      equal(await provider.locator("#chat-list .text").innerText(), "J’ai mal ici 😷");
      equal(await provider.locator("#chat-list .from").innerText(), PATIENT.name);
      await provider.click("#chat-close");
    },
  );
  await t.step("captions show what is said in a transcribed meeting", async () => {
    const captions = (page: Page) => page.locator("#captions").innerText();
    const say = (text: string, partial: boolean) =>
      meeting.chime.transcribe({ attendee: PATIENT.id, text, partial, resultId: "r1" });
    equal(await provider.locator("#captions").isVisible(), false);
    equal(say("nobody asked for captions", true), 0);
    await meeting.client.send(
      new StartMeetingTranscriptionCommand({
        MeetingId: meeting.meeting.MeetingId,
        TranscriptionConfiguration: { EngineTranscribeSettings: { LanguageCode: "fr-FR" } },
      }),
    );
    equal(say("J’ai mal", true), 2);
    await until(
      "a partial caption",
      async () => await captions(provider) === `${PATIENT.name}: J’ai mal`,
    );
    say("J’ai mal ici <b>😷</b>", false);
    for (const page of [provider, patient]) {
      await until(
        "the final caption",
        async () => await captions(page) === `${PATIENT.name}: J’ai mal ici <b>😷</b>`,
      );
    }
    equal(meeting.chime.transcribe({ attendee: "somebody else", text: "no" }), 0);
  });
  await t.step("a shared screen is shown large to the other until sharing stops", async () => {
    await provider.click("#more");
    await provider.click("#share");
    await provider.waitForSelector("#sharing:not([hidden])");
    await patient.waitForSelector(".tile.content.seen");
    const [shared, person] = await patient.evaluate(() =>
      [".tile.content", ".tile:not(.content)"].map((tile) =>
        document.querySelector(tile)?.clientHeight ?? 0
      )
    );
    ok((shared ?? 0) > 2 * (person ?? 0), `${shared} ${person}`);
    equal(await provider.locator(".tile.content").count(), 0);
    await provider.click("#stop-sharing");
    // At once: a person who pressed stop must not wonder whether others still see the screen.
    equal(await provider.locator("#sharing").isVisible(), false);
    await until("no screen", async () => await patient.locator(".content").count() === 0);
    // Stopping is not a failure. On a busy machine another notice may say that pictures pause.
    const language = await provider.getAttribute("html", "lang") as Language;
    notEqual(
      await provider.locator("#notice-text").textContent(),
      clientTexts(language).shareFailed,
    );
  });
  await t.step("leaving releases devices and screen, and is reported once", async () => {
    await provider.click("#more");
    await provider.click("#share");
    await patient.waitForSelector(".tile.content.seen");
    await provider.click("#leave");
    // A provider is asked whether the visit ends for everybody.
    await provider.click("#leave-only");
    await sees(provider, "left", ({ phase, own }) => phase === "left" && !own);
    await until(
      "released devices",
      async () => !(await tracksOf(provider)).join().includes("live"),
    );
    deepEqual((await tracksOf(provider)).slice(0, 2), ["audio ended", "video ended"]);
    ok(await provider.locator("#sharing").isHidden());
    const { host } = await perceive(provider);
    deepEqual(host.filter((line) => line.startsWith("ended")), ["ended/USER_LEFT"]);
    await sees(patient, "alone", ({ name }) => name === null);
  });
  await t.step("the end of the meeting is reported once", async () => {
    await meeting.end();
    await sees(patient, "the end", ({ phase }) => phase === "ended");
    const { host } = await perceive(patient);
    deepEqual(host.filter((line) => line.startsWith("ended")), ["ended/MEETING_STOPPED"]);
    deepEqual([patientPhone.errors, providerPhone.errors], [[], []]);
  });
});
