/// <reference lib="dom" />
/** What each side of a real call is told about the other. */
import assert from "node:assert/strict";
import { launchBrowser } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { type Visitor, visitor } from "../support/visitor.ts";
import { createVisit, passUrl, startTestStack, type TestVisit } from "../support/visits.ts";

const stack = await startTestStack();
const first = await launchBrowser();
const second = await launchBrowser();
Deno.test.afterAll(async () => {
  await first.close();
  await second.close();
  await stack.stop();
});

interface Pair {
  readonly visit: TestVisit;
  readonly provider: Visitor;
  readonly patient: Visitor;
}

/** Goes through the lobby or the waiting room. */
async function join(one: Visitor): Promise<void> {
  await one.press("#join");
  await one.until("in the call", ({ phase }) => phase === "in-call");
}

/** Runs a test with the provider in the lobby and the patient before it. */
async function withVisit(run: (pair: Pair) => Promise<void>): Promise<void> {
  const visit = await createVisit(stack);
  const provider = await visitor(first, await passUrl(visit, visit.provider));
  await provider.until("the lobby", ({ phase }) => phase === "lobby");
  const patient = await visitor(second, await passUrl(visit, visit.patient));
  try {
    await run({ visit, provider, patient });
  } finally {
    await provider.close();
    await patient.close();
    stack.chime.faults.clear();
  }
}

/** Runs a test with both people in the call, each seeing the other. */
const withCall = (run: (pair: Pair) => Promise<void>) =>
  withVisit(async (pair) => {
    const { provider, patient } = pair;
    await join(provider);
    await join(patient);
    await provider.until("the patient's picture", ({ seen, frames }) => seen && frames > 3);
    await patient.until("the provider's picture", ({ seen, frames }) => seen && frames > 3);
    await run(pair);
  });

/** Collects every text of the status line and the card that matches, from now on. */
async function collect({ phone }: Visitor, pattern: string): Promise<() => Promise<string[]>> {
  await phone.page.evaluate((source) => {
    const collected: string[] = [];
    const look = () => {
      for (const id of ["status", "card-title", "card-text", "who-waits"]) {
        const text = document.getElementById(id)?.textContent ?? "";
        if (new RegExp(source).test(text)) collected.push(text);
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
    look();
    Object.assign(globalThis, { collected });
  }, pattern);
  return () => phone.page.evaluate(() => Reflect.get(globalThis, "collected") as string[]);
}

/** Waits for responses about who is here. */
async function polled({ phone }: Visitor, times: number): Promise<void> {
  for (let left = times; left > 0; left--) {
    await phone.page.waitForResponse((answer) =>
      new URL(answer.url()).pathname.endsWith("/status")
    );
  }
}

looseTest(
  "a person who is still in the lobby is getting ready, and does not wait",
  () =>
    withVisit(async ({ provider, patient }) => {
      await provider.press("#join");
      const alone = await provider.until(
        "the patient in the lobby",
        ({ title, status }) => /Amina Yaya is getting ready/.test(title) && title === status,
      );
      assert.equal(alone.phase, "in-call");
      await join(patient);
      await provider.until("both in the call", ({ status }) => status === "You are in the call");
    }),
);

looseTest(
  "a provider who has tapped Join waits, also in the title of the tab",
  () =>
    withVisit(async ({ provider, patient }) => {
      const { page } = patient.phone;
      await until(
        "getting ready",
        async () => /is getting ready/.test(await page.locator("#who-waits").innerText()),
      );
      assert.equal(await page.title(), "Video visit");
      await provider.press("#join");
      await until(
        "waiting",
        async () => /Dr. Ngo Bassa is waiting/.test(await page.locator("#who-waits").innerText()),
      );
      // Titles appear in app switchers and histories.
      assert.equal(await page.title(), "● Someone is waiting for you – Video visit");
    }),
);

looseTest(
  "after the provider leaves, nobody reads that they wait or that the call goes on",
  () =>
    withCall(async ({ provider, patient }) => {
      await provider.press("#leave");
      await provider.press("#leave-only");
      const sentence = "Dr. Ngo Bassa has left. You can wait here or leave.";
      await patient.until(
        "that the provider left",
        ({ title, status }) => title === sentence && status === sentence,
      );
      const wrong = await collect(patient, "waiting|You are in the call|getting ready");
      await polled(patient, 2);
      const { title, phase } = await patient.look();
      assert.deepEqual([await wrong(), title, phase], [[], sentence, "in-call"]);

      await provider.press("#action");
      await patient.until("the provider", ({ status }) => status === "You are in the call");
    }),
);

/** Waits until a person's page has said that it is gone, instead of being silent for 30 seconds. */
const goodbye = (visit: TestVisit, { subject }: TestVisit["provider"]) =>
  until("the goodbye", async () => {
    const rows = await stack.supabase.sql(
      "select 1 from chime_page.sessions where appointment_id = $1 and subject = $2 and left_at is not null",
      [visit.id, subject],
    );
    return rows.length === 1;
  });

for (
  const [what, choice] of [["leaves", "#leave-only"], ["ends the visit", "#leave-all"]] as const
) {
  looseTest(
    `a provider who ${what} is gone at once for a patient in the lobby`,
    () =>
      withVisit(async ({ visit, provider, patient }) => {
        await join(provider);
        const waits = patient.phone.page.locator("#who-waits");
        await until("waiting", async () => /is waiting for you/.test(await waits.innerText()));
        await provider.press("#leave");
        await provider.press(choice);
        await goodbye(visit, visit.provider);
        await until("nobody", async () => (await waits.innerText()) === "");
        assert.doesNotMatch(await patient.phone.page.title(), /waiting/);
      }),
  );
}

looseTest(
  "a provider who closes the page in the call has left",
  () =>
    withCall(async ({ visit, provider, patient }) => {
      await provider.phone.page.goto("about:blank");
      await goodbye(visit, visit.provider);
      await patient.until("that the provider left", ({ status }) => /has left/.test(status));
      const wrong = await collect(patient, "waiting|You are in the call|getting ready");
      await polled(patient, 2);
      assert.deepEqual(await wrong(), []);
    }),
);

looseTest(
  "a provider who leaves while the patient reloads is not said to wait",
  () =>
    withCall(async ({ visit, provider, patient }) => {
      const { page } = patient.phone;
      await page.goto("about:blank");
      await provider.press("#leave");
      await provider.press("#leave-only");
      await goodbye(visit, visit.provider);
      await page.goBack();
      await patient.until("the page", ({ phase }) => phase === "lobby" || phase === "in-call");
      const wrong = await collect(patient, "is waiting|You are in the call|getting ready");
      await polled(patient, 2);
      assert.deepEqual(await wrong(), []);
    }),
);

looseTest(
  "a page that is closed in the lobby is gone at once",
  () =>
    withVisit(async ({ visit, provider, patient }) => {
      const waits = patient.phone.page.locator("#who-waits");
      await until("the provider", async () => (await waits.innerText()) !== "");
      await provider.phone.page.goto("about:blank");
      await goodbye(visit, visit.provider);
      await until("nobody", async () => (await waits.innerText()) === "");
    }),
);

looseTest(
  "a person who is cut off is shown so on both sides, until they are back",
  () =>
    withCall(async ({ visit, provider, patient }) => {
      const target = { attendee: visit.patient.participantId };
      // A page is missed only once it has reported.
      await provider.phone.page.locator(".tile .bars").waitFor();
      stack.chime.faults.add({ kind: "deaf", ...target, milliseconds: 25_000 });
      const { page } = provider.phone;
      await provider.until(
        "the patient cut off",
        ({ status }) =>
          status === "Amina Yaya’s connection dropped. Waiting for them to come back…",
      );
      // Before Chime itself has noticed anything, and taken the tile away.
      assert.match(await page.locator(".tile .veil").innerText(), /connection dropped/);
      const dot = () =>
        page.locator(".dot").evaluate((one) => getComputedStyle(one).backgroundColor);
      const amber = await dot();
      await patient.until("reconnecting", ({ phase }) => phase === "reconnecting");
      assert.match(await patient.phone.page.locator(".main > .veil").innerText(), /Reconnecting/);
      await provider.until("the patient again", ({ status }) => status === "You are in the call");
      await until("no veil", async () => await page.locator(".veil").count() === 0);
      assert.notEqual(await dot(), amber);
      await patient.until("in the call", ({ phase }) => phase === "in-call");
      assert.equal(await patient.phone.page.locator(".veil").count(), 0);
    }),
);

looseTest(
  "a person who is muted and has no camera on is not taken for cut off",
  () =>
    withCall(async ({ provider, patient }) => {
      await patient.press("#mic");
      await patient.press("#camera");
      await provider.until("muted, no picture", ({ muted, seen }) => muted && !seen);
      const dropped = await collect(provider, "dropped");
      // Three times as long as it takes to notice that somebody is cut off.
      const played = () =>
        provider.phone.page.evaluate("document.querySelector('audio').currentTime");
      const since = Number(await played());
      await until("15 s of sound", async () => Number(await played()) > since + 15);
      assert.deepEqual(await dropped(), []);
    }),
);

looseTest(
  "an ended visit has ended for everybody, until the provider opens it again",
  () =>
    withCall(async ({ provider, patient }) => {
      await provider.press("#leave");
      await provider.press("#leave-all");
      const ended = await patient.until("the end", ({ phase }) => phase === "ended");
      assert.deepEqual([ended.title, ended.action], ["The visit has ended", ""]);
      const { page } = patient.phone;
      await page.reload();
      const again = await patient.until("still the end", ({ phase }) => phase === "ended");
      assert.deepEqual([again.title, again.action], ["The visit has ended", ""]);

      const offered = await provider.until("the end", ({ phase }) => phase === "ended");
      assert.deepEqual([offered.title, offered.action], [
        "The visit has ended",
        "Ended by mistake? Rejoin",
      ]);
      assert.equal(await provider.phone.page.locator("#action.link").count(), 1);
      const waiting = await collect(provider, "is waiting|getting ready");
      await provider.press("#action");
      await provider.until("in the call", ({ phase }) => phase === "in-call");
      await polled(provider, 2);
      // The patient's page is open, but the visit has ended there.
      assert.deepEqual(await waiting(), []);
      const reopened = await patient.until("that it is open", ({ action }) => action !== "");
      assert.equal(reopened.action, "Rejoin the visit");
      assert.match(await page.locator("#card-text").innerText(), /open again/);
      await patient.press("#action");
      await provider.until("the patient", ({ seen }) => seen);
      assert.equal(await provider.phone.page.locator("#action.link").count(), 0);
    }),
);
