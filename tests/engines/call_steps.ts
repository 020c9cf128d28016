/// <reference lib="dom" />
/** What a patient does in every engine, with a provider in the usual Chromium. */
import assert from "node:assert/strict";
import { clientTexts, problemTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import type { CallTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
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

/** How an engine differs from the others. */
export interface EngineTest {
  readonly name: string;
  readonly start: (permission: Permission) => Promise<Engine>;
  /** The text for a person whose devices are refused. */
  readonly help: CallTextKey;
  /**
   * Whether the session's cookie is kept without TLS, as in these tests. Some engines refuse
   * `Secure; Partitioned` cookies then, also from this machine.
   */
  readonly cookies?: boolean;
}

/** Registers the tests of a two-person call whose patient uses this engine. */
export function testCalls({ name, start, help, cookies = true }: EngineTest): void {
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
    const open = async () => await engine.open(`${await passUrl(visit, visit.patient)}&lang=fr`);
    const call = { page: await open(), provider };
    await meet(call);
    await muteAndHide(call);
    await chat(call);
    stack.chime.faults.add({ kind: "drop-socket", attendee: visit.patient.participantId });
    await until(
      call.page,
      "reconnecting",
      ({ hostEvents }) => hostEvents.includes("state/reconnecting"),
    );
    await untilTalking(call);
    await assertQuiet(call.page);
    await call.page.reload();
    if (!cookies) {
      await assertSignInAgain(call.page);
      call.page = await open();
    }
    await meet(call);
    await assertQuiet(call.page);
  });

  looseTest(`in ${name} a person whose devices are refused reads how to allow them`, async () => {
    await using started = new AsyncDisposableStack();
    const engine = started.adopt(await start("deny"), (one) => one.close());
    const visit = await createVisit(stack);
    const page = await engine.open(await passUrl(visit, visit.provider));
    const shown = () => page.evaluate(() => document.body.innerText);
    await poll("the help", shown, (text) => text.includes(clientTexts("en")[help]), {
      context: () => page.complaints.join("\n"),
    });
  });
}

interface Call {
  readonly page: EnginePage;
  readonly provider: Visitor;
}

/** The patient goes from the lobby into the call, where both see and hear each other. */
async function meet(call: Call): Promise<void> {
  await until(call.page, "the lobby", ({ phase }) => phase === "lobby");
  await call.page.press("#join");
  await untilTalking(call);
  assert.deepEqual(await hiddenControls(call.page), []);
}

async function untilTalking({ page, provider }: Call): Promise<void> {
  const wait: Visitor["until"] = (what, fits) => until(page, what, fits);
  await wait("the provider's picture and sound", seesAndHears);
  await provider.until("the patient's picture and sound", seesAndHears);
  await untilMoving(() => page.evaluate(readSight), wait);
  await untilMoving(provider.look, provider.until);
}

async function muteAndHide({ page, provider }: Call): Promise<void> {
  await page.press("#mic");
  await provider.until("the patient muted", ({ muted }) => muted);
  await page.press("#mic");
  await provider.until("the patient's microphone on", ({ muted }) => !muted);
  await page.press("#camera");
  await provider.until("no picture of the patient", ({ seen }) => !seen);
  await page.press("#camera");
  await provider.until("the picture again", ({ seen, frames }) => seen && frames > 3);
}

async function chat({ page, provider }: Call): Promise<void> {
  await page.press("#chat-open");
  await page.press("#chat-text");
  await page.enter("Bonjour docteur");
  const other = provider.phone.page;
  await poll(
    "the patient's message",
    () => other.evaluate(chatOf),
    (text) => text.includes("Bonjour docteur"),
  );
  await provider.press("#chat-open");
  await other.fill("#chat-text", "Good morning");
  await other.press("#chat-text", "Enter");
  await poll(
    "the provider's message",
    () => page.evaluate(chatOf),
    (text) => text.includes("Good morning"),
  );
}

/** The page keeps its language, and neither its policy nor the engine has a complaint. */
async function assertQuiet(page: EnginePage): Promise<void> {
  assert.equal(await page.evaluate(() => document.documentElement.lang), "fr");
  const { stopped } = await page.evaluate(readSight);
  assert.deepEqual([...new Set(stopped)], stoppedBySdk());
  assert.deepEqual(page.complaints.filter((line) => !isExplained(line)), []);
}

/** Without a cookie, a reload says in the person's language how to come back. */
async function assertSignInAgain(page: EnginePage): Promise<void> {
  const { title, nextStep } = problemTexts("fr").unauthenticated;
  const text = await page.evaluate(() => document.body.innerText);
  assert.ok(text.includes(title) && text.includes(nextStep), text);
}

/**
 * What the SDK reports while its connection breaks, and what Chromium 92 says of the SDK's first
 * limit: docs/engines.md explains each. The whole SDK also tries WebAssembly.
 */
function isExplained(line: string): boolean {
  return /\[ERROR\] chime - |^Read-only field modified in setParameters|wasm|WebAssembly/.test(
    line,
  );
}
