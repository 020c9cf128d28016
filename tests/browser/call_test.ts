import assert from "node:assert/strict";
import { stoppedBySdk } from "../support/sdk.ts";
import { visitor } from "../support/visitor.ts";
import { passUrl } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";
import { count, first, stack, withPair } from "./call_setup.ts";

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

      for (const one of [provider, patient]) {
        assert.deepEqual([...new Set((await one.look()).stopped)], stoppedBySdk());
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

looseTest(
  "a second device takes over, and the first one offers to continue there",
  () =>
    withPair(async ({ visit, provider, patient }) => {
      const other = await visitor(first, await passUrl(visit, visit.patient));
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
