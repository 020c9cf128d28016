import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { chosenSdk } from "../../sdk/build.ts";
import { rewriteAsHosted } from "../../dev/gateway.ts";
import { launchBrowser, untilInPage } from "../support/browser.ts";
import { type Visitor, visitor } from "../support/visitor.ts";
import {
  createVisit,
  openByToken,
  passUrl,
  startTestStack,
  type TestVisit,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

// Without a lobby everybody is in the call at once.
const stack = await startTestStack({ environment: { CHIME_PAGE_LOBBY: "off" } });
const browsers: Browser[] = [await launchBrowser(), await launchBrowser()];
Deno.test.afterAll(async () => {
  for (const browser of browsers) await browser.close();
  await stack.stop();
});

const [first, second] = browsers;
assert.ok(first && second);

interface Pair {
  readonly visit: TestVisit;
  readonly provider: Visitor;
  readonly patient: Visitor;
}

/** Runs a test with both people in the call, each seeing the other. */
async function withPair(run: (pair: Pair) => Promise<void>) {
  const visit = await createVisit(stack);
  const provider = await visitor(first as Browser, await passUrl(visit, visit.provider));
  const patient = await visitor(second as Browser, await passUrl(visit, visit.patient));
  try {
    await provider.until("the patient's picture", ({ seen, frames }) => seen && frames > 3);
    await patient.until("the provider's picture", ({ seen, frames }) => seen && frames > 3);
    await run({ visit, provider, patient });
  } catch (error) {
    const said = [provider, patient].map(({ phone }) => phone.console.slice(-8).join("\n"));
    throw new Error(`${error}\n--- provider\n${said[0]}\n--- patient\n${said[1]}`);
  } finally {
    await provider.close();
    await patient.close();
    stack.chime.faults.clear();
  }
}

const count = (sightings: readonly string[], event: string) =>
  sightings.filter((one) => one.startsWith(event)).length;

looseTest(
  "two people meet by their links with pictures and sound both ways, and mute and camera work",
  () =>
    withPair(async ({ provider, patient }) => {
      for (const one of [provider, patient]) {
        const before = await one.look();
        await one.until("moving frames", ({ frames }) => frames > before.frames + 10);
        await one.until("sound", ({ loudest }) => loudest > 0.05);
      }
      assert.ok((await patient.look()).hostEvents.includes("ready/MEETING_INITIALIZED"));

      await patient.press("#mic");
      await provider.until("the patient's microphone off", ({ muted }) => muted);
      await patient.press("#mic");
      await provider.until("the patient's microphone on", ({ muted }) => !muted);

      await patient.press("#camera");
      await provider.until("no picture of the patient", ({ seen }) => !seen);
      await patient.press("#camera");
      await provider.until("the picture again", ({ seen, frames }) => seen && frames > 3);

      // The whole SDK contains a library that tries to compile WebAssembly, and does without if the
      // policy forbids it. The deployed file tries nothing that its policy forbids.
      const forbidden = chosenSdk(Deno.env).cut ? [] : ["wasm-eval"];
      for (const one of [provider, patient]) {
        assert.deepEqual([...new Set((await one.look()).stopped)], forbidden);
      }
    }),
);

looseTest(
  "a provider ends the visit for everybody, and each host is told once",
  () =>
    withPair(async ({ provider, patient }) => {
      await provider.press("#leave");
      await provider.press("#leave-all");
      for (const one of [provider, patient]) {
        const { hostEvents } = await one.until("the end", ({ phase }) => phase === "ended");
        assert.equal(count(hostEvents, "ended/"), 1);
        assert.ok(hostEvents.includes("ended/MEETING_STOPPED"));
      }
    }),
);

looseTest(
  "a message that did not arrive can be sent again, and arrives once",
  () =>
    withPair(async ({ visit, provider, patient }) => {
      // The other side receives nothing for a while.
      const target = { attendee: visit.provider.participantId };
      stack.chime.faults.add({ kind: "deaf", ...target, milliseconds: 60_000 });
      const { page } = patient.phone;
      await patient.press("#chat-open");
      await page.fill("#chat-text", "Is it the left one?");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#chat-list [data-state=failed] .again");
      // The first try may still arrive later, and must not show twice.
      await patient.press("#chat-list .again");
      stack.chime.faults.clear();
      await page.waitForSelector("#chat-list [data-state=sent]");
      await provider.until("back in the call", ({ phase }) => phase === "in-call");
      const received = provider.phone.page.locator("#chat-list .text");
      assert.deepEqual(await received.allTextContents(), ["Is it the left one?"]);
    }),
);

looseTest(
  "a person who left can come back into the same call",
  () =>
    withPair(async ({ provider, patient }) => {
      await patient.phone.page.evaluate("chimePage.send({command: 'leave'})");
      const left = await patient.until("left", ({ phase }) => phase === "left");
      assert.ok(left.hostEvents.includes("ended/USER_LEFT"));
      await provider.until("an empty call", ({ frames }) => frames === 0);
      await patient.press("#action");
      await patient.until("the provider again", ({ seen, frames }) => seen && frames > 3);
      await provider.until("the patient again", ({ seen, frames }) => seen && frames > 3);
    }),
);

for (
  const [how, seconds, faults] of [
    // A phone that changes networks loses its connections with the old one.
    ["with broken connections", 10, ["deaf", "drop-socket"]],
    // A phone in a tunnel keeps them, although nothing comes through.
    ["with silent connections", 25, ["deaf"]],
  ] as const
) {
  looseTest(
    `after ${seconds} s without a network, ${how}, the call comes back by itself`,
    () =>
      withPair(async ({ visit, provider, patient }) => {
        for (const kind of faults) {
          const target = { attendee: visit.patient.participantId };
          stack.chime.faults.add(
            kind === "deaf"
              ? { kind, ...target, milliseconds: seconds * 1000 }
              : { kind, ...target },
          );
        }
        const sight = await patient.until("reconnecting", ({ phase }) => phase === "reconnecting");
        assert.equal(count(sight.hostEvents, "ended/"), 0);
        await patient.until("back in the call", ({ phase }) => phase === "in-call");
        for (const one of [patient, provider]) {
          const { frames } = await one.look();
          await one.until("moving frames", (now) => now.seen && now.frames !== frames);
        }
      }),
  );
}

looseTest(
  "a second device takes over, and the first one offers to continue there",
  () =>
    withPair(async ({ visit, provider, patient }) => {
      const other = await visitor(first as Browser, await passUrl(visit, visit.patient));
      try {
        await other.until("the provider", ({ seen, frames }) => seen && frames > 3);
        const displaced = await patient.until("the other device", ({ phase }) =>
          phase === "joined-elsewhere");
        assert.match(displaced.action, /continue here/i);
        assert.equal(count(displaced.hostEvents, "ended/"), 0, "the call can be taken back");
        await patient.press("#action");
        await patient.until("the provider again", ({ seen, frames }) =>
          seen && frames > 3);
        await other.until("the first device", ({ phase }) => phase === "joined-elsewhere");
        await provider.until("the patient", ({ seen }) => seen);
      } finally {
        await other.close();
      }
    }),
);

looseTest(
  "an SDK file that cannot be loaded shows a retry, and is not reported as an end",
  async () => {
    const visit = await createVisit(stack);
    const fresh = await launchBrowser();
    stack.cdn.fail({ kind: "status", status: 403 }, 20);
    const provider = await visitor(fresh, await passUrl(visit, visit.provider));
    try {
      const failed = await provider.until("a failure", ({ phase }) => phase === "failed");
      assert.ok(failed.action.length > 0);
      assert.ok(failed.hostEvents.includes("error/SDK_LOAD_FAILED"));
      assert.equal(count(failed.hostEvents, "ended/"), 0);
      stack.cdn.heal();
      await provider.press("#action");
      await provider.until("in the call", ({ phase }) => phase === "in-call");
    } finally {
      stack.cdn.heal();
      await provider.close();
      await fresh.close();
    }
  },
);

for (
  const [what, options] of [
    ["whose camera and microphone are refused", { permission: "deny" }],
    ["without camera and microphone", { devices: false }],
  ] as const
) {
  looseTest(`a person ${what} still joins, sees and hears`, async () => {
    const visit = await createVisit(stack);
    const bare = await launchBrowser(options);
    const provider = await visitor(first as Browser, await passUrl(visit, visit.provider));
    const patient = await visitor(bare, await passUrl(visit, visit.patient));
    try {
      // Before anything else: on a slow machine a notice about the network may replace it.
      await untilInPage(
        patient.phone.page,
        () => /microphone|camera/i.test(document.getElementById("notice-text")?.textContent ?? ""),
      );
      await patient.until("the provider", ({ seen, frames }) => seen && frames > 3);
      await patient.until("sound", ({ loudest }) => loudest > 0.05);
      await provider.until("the patient muted", ({ muted }) => muted);
    } finally {
      await provider.close();
      await patient.close();
      await bare.close();
    }
  });
}

looseTest(
  "a page that an app fetched as text and shows at its address joins the call",
  async () => {
    const visit = await createVisit(stack);
    // As on the hosted domain, where only the text of the response counts.
    const answer = rewriteAsHosted(
      new Request(visit.url),
      await openByToken(visit, visit.provider),
    );
    assert.equal(answer.headers.get("content-type"), "text/plain");
    const body = await answer.text();
    const provider = await visitor(first, "about:blank");
    const patient = await visitor(second, await passUrl(visit, visit.patient));
    try {
      const { context, page } = provider.phone;
      // The SDK and Chime are on this machine, which a page from elsewhere needs permission to reach.
      await context.grantPermissions(["local-network-access", "camera", "microphone"]);
      await page.route(visit.url, (route) => route.fulfill({ contentType: "text/html", body }));
      await page.goto(visit.url);
      await provider.until("the patient's picture", ({ seen, frames }) => seen && frames > 3);
      await patient.until("the provider's picture", ({ seen, frames }) => seen && frames > 3);
      assert.deepEqual((await provider.look()).stopped, []);
    } finally {
      await provider.close();
      await patient.close();
    }
  },
);
