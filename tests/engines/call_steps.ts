/// <reference lib="dom" />
/** What a patient does in every engine, with a provider in the usual Chromium. */
import assert from "node:assert/strict";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import type { CallTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser } from "../support/browser.ts";
import { poll } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { stoppedBySdk } from "../support/sdk.ts";
import { readSight, type Sight, type Visitor, visitor } from "../support/visitor.ts";
import { createVisit, passUrl, startTestStack, type TestStack } from "../support/visits.ts";
import type { Engine, EnginePage, Permission } from "./engine.ts";

const IN_CALL = ["#mic", "#camera", "#chat-open", "#more", "#leave"];
const seesAndHears = ({ phase, seen, frames, loudest }: Sight) =>
  phase === "in-call" && seen && frames > 3 && loudest > 0.05;

/** Waits until what the person sees fits. */
function until(page: EnginePage, what: string, fits: (sight: Sight) => boolean): Promise<Sight> {
  return poll(what, () => page.evaluate(readSight), fits, {
    everyMs: 200,
    context: () => page.complaints.slice(-10).join("\n"),
  });
}

/** The other's picture must move on. */
async function untilMoving(look: () => Promise<Sight>, wait: Visitor["until"]): Promise<void> {
  const { frames } = await look();
  // A reconnected picture begins to count again.
  await wait(
    "moving frames",
    (now) => now.seen && (now.frames > frames + 5 || now.frames < frames),
  );
}

/** Goes from the lobby into the call. */
async function join(page: EnginePage): Promise<void> {
  await until(page, "the lobby", ({ phase }) => phase === "lobby");
  await page.press("#join");
}

async function joinAsProvider(url: string): Promise<Visitor & AsyncDisposable> {
  const browser = await launchBrowser();
  const provider = await visitor(browser, url);
  await provider.until("the lobby", ({ phase }) => phase === "lobby");
  await provider.press("#join");
  return Object.assign(provider, { [Symbol.asyncDispose]: () => browser.close() });
}

/** Ids of the controls that a person in the call cannot see. */
async function hiddenControls(page: EnginePage): Promise<readonly string[]> {
  const seen = await page.evaluate(() =>
    [...document.querySelectorAll("#controls button")].filter((one) => {
      const { width, height, right, bottom } = one.getBoundingClientRect();
      return width >= 44 && height >= 44 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    }).map(({ id }) => `#${id}`)
  );
  return IN_CALL.filter((id) => !seen.includes(id));
}

const chatOf = () => document.getElementById("chat-list")?.textContent ?? "";

/** Registers the tests of a two-person call whose patient uses this engine. */
export function testCalls(
  name: string,
  start: (permission: Permission) => Promise<Engine>,
  help: CallTextKey,
): void {
  let stack: TestStack;
  Deno.test.beforeAll(async () => {
    stack = await startTestStack();
  });
  Deno.test.afterAll(() => stack.stop());

  looseTest(`in ${name} a patient talks, mutes, writes, reconnects and reloads`, async () => {
    await using started = new AsyncDisposableStack();
    const engine = started.adopt(await start("allow"), (one) => one.close());
    const visit = await createVisit(stack);
    const provider = started.use(await joinAsProvider(await passUrl(visit, visit.provider)));
    const page = await engine.open(await passUrl(visit, visit.patient, undefined) + "&lang=fr");
    const wait: Visitor["until"] = (what, fits) => until(page, what, fits);
    const look = () => page.evaluate(readSight);

    await join(page);
    await wait("the provider's picture and sound", seesAndHears);
    await provider.until("the patient's picture and sound", seesAndHears);
    await untilMoving(look, wait);
    await untilMoving(provider.look, provider.until);
    assert.deepEqual(await hiddenControls(page), []);

    await page.press("#mic");
    await provider.until("the patient muted", ({ muted }) => muted);
    await page.press("#mic");
    await provider.until("the patient's microphone on", ({ muted }) => !muted);
    await page.press("#camera");
    await provider.until("no picture of the patient", ({ seen }) => !seen);
    await page.press("#camera");
    await provider.until("the picture again", ({ seen, frames }) => seen && frames > 3);

    await page.press("#chat-open");
    await page.press("#chat-text");
    await page.enter("Bonjour docteur");
    await poll(
      "the patient's message",
      () => provider.phone.page.evaluate(chatOf),
      (text) => text.includes("Bonjour docteur"),
    );
    await provider.press("#chat-open");
    await provider.phone.page.fill("#chat-text", "Good morning");
    await provider.phone.page.press("#chat-text", "Enter");
    await poll(
      "the provider's message",
      () => page.evaluate(chatOf),
      (text) => text.includes("Good morning"),
    );

    stack.chime.faults.add({ kind: "drop-socket", attendee: visit.patient.participantId });
    await wait("reconnecting", ({ hostEvents }) => hostEvents.includes("state/reconnecting"));
    await wait("the provider after a reconnect", seesAndHears);
    await untilMoving(look, wait);
    await untilMoving(provider.look, provider.until);
    assert.deepEqual([...new Set((await look()).stopped)], stoppedBySdk());

    await page.reload();
    await join(page);
    await wait("the provider after a reload", seesAndHears);
    await untilMoving(provider.look, provider.until);
    assert.equal(await page.evaluate(() => document.documentElement.lang), "fr");
    assert.deepEqual([...new Set((await look()).stopped)], stoppedBySdk());
    assert.deepEqual(page.complaints.filter(isUnexplained), []);
    await page.close();
    await provider.close();
  });

  looseTest(`in ${name} a person whose devices are refused reads how to allow them`, async () => {
    await using started = new AsyncDisposableStack();
    const engine = started.adopt(await start("deny"), (one) => one.close());
    const visit = await createVisit(stack);
    const page = await engine.open(await passUrl(visit, visit.provider));
    const text = clientTexts("en")[help];
    await poll(
      "the help",
      () => page.evaluate(() => document.body.innerText),
      (shown) => shown.includes(text),
      { context: () => page.complaints.join("\n") },
    );
    await page.close();
  });
}

/** The SDK's error lines about the connection that the test breaks; docs/engines.md explains them. */
function isUnexplained(line: string): boolean {
  return !/\[ERROR\] chime - |WebSocket/.test(line);
}
