/// <reference lib="dom" />
/** Messages of a person who is alone in a real call reach whoever joins later, once. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Limits } from "../../dev/chime/limits.ts";
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser, untilPhase } from "../support/browser.ts";
import { startMeeting } from "../support/meeting.ts";
import { openVisit } from "../support/open_visit.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { serveSdk } from "../support/sdk.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";

/** A meeting that people enter one after the other. */
async function startCall(limits: Partial<Limits> = {}) {
  await using stack = new AsyncDisposableStack();
  const meeting = await startMeeting({ limits });
  stack.defer(() => meeting.close());
  const { cdn, sdk } = await serveSdk();
  stack.defer(() => cdn.close());
  const errors: string[][] = [];
  const ends = stack.move();
  const enter = async (self: Person): Promise<Page> => {
    const browser = await launchBrowser();
    ends.defer(() => browser.close());
    const join = await meeting.attend(self);
    const opened = await openVisit(browser, { self, join, sdk }, { connect: meeting.connect });
    ends.defer(opened.close);
    errors.push(opened.phone.errors);
    await untilPhase(opened.page, "in-call");
    return opened.page;
  };
  return { enter, errors, close: () => ends.disposeAsync() };
}

async function write(page: Page, text: string): Promise<void> {
  if (!await page.locator("#chat").isVisible()) await page.click("#chat-open");
  await page.fill("#chat-text", text);
  await page.keyboard.press("Enter");
}

/** Texts and states of a page's messages; the state of another person's is null. */
const messages = (page: Page) =>
  page.locator("#chat-list li").evaluateAll((all) =>
    all.map((one) => [one.querySelector(".text")?.textContent, one.getAttribute("data-state")])
  );

const sent = (page: Page, count: number) =>
  until(
    `${count} sent`,
    async () => await page.locator("#chat-list [data-state=sent]").count() === count,
  );

const WAITS = `Will be delivered when ${PROVIDER.name} joins`;

looseTest(
  "a message written alone arrives when somebody joins, however long it waited",
  async () => {
    // Chime forgets it at once, as it does after five minutes.
    const call = await startCall({ dataMessageLifetimeMs: 0 });
    try {
      const patient = await call.enter(PATIENT);
      await write(patient, "I am here");
      deepEqual(await messages(patient), [["I am here", "waiting"]]);
      equal(await patient.locator("#chat-list .state").innerText(), WAITS);
      const provider = await call.enter(PROVIDER);
      await sent(patient, 1);
      deepEqual(await messages(provider), [["I am here", null]]);
      equal(await patient.locator("#chat-list .state").innerText(), "Sent");
      await write(provider, "Good morning");
      await sent(provider, 1);
      deepEqual(await messages(provider), [["I am here", null], ["Good morning", "sent"]]);
      deepEqual(call.errors, [[], []]);
    } finally {
      await call.close();
    }
  },
);

looseTest("a message written alone survives a reload, and arrives once", async () => {
  const call = await startCall();
  try {
    const patient = await call.enter(PATIENT);
    await write(patient, "Before the reload");
    await patient.reload();
    await untilPhase(patient, "in-call");
    await until(
      "it is back",
      async () => (await messages(patient)).join() === "Before the reload,waiting",
    );
    await write(patient, "After it");
    // From Chime, which stores it, and from the patient's page.
    const provider = await call.enter(PROVIDER);
    await sent(patient, 2);
    deepEqual(await messages(provider), [["Before the reload", null], ["After it", null]]);
    await write(provider, "Good morning");
    await sent(provider, 1);
    deepEqual((await messages(provider)).length, 3);
    // The page knows that both have arrived.
    await patient.reload();
    await untilPhase(patient, "in-call");
    await until("all are back", async () =>
      (await messages(patient)).join() ===
        "Before the reload,sent,After it,sent,Good morning,");
    deepEqual(call.errors, [[], []]);
  } finally {
    await call.close();
  }
});
