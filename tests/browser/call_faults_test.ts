import assert from "node:assert/strict";
import { rewriteAsHosted } from "../../dev/gateway.ts";
import { launchBrowser, untilInPage } from "../support/browser.ts";
import { visitor } from "../support/visitor.ts";
import { createVisit, openByToken, passUrl } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";
import { stoppedBySdk } from "../support/sdk.ts";
import { count, first, second, stack, withPair } from "./call_setup.ts";

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
    const provider = await visitor(first, await passUrl(visit, visit.provider));
    const patient = await visitor(bare, await passUrl(visit, visit.patient));
    try {
      // Before anything else: on a slow machine a notice about the network may replace it.
      await untilInPage(
        patient.phone.page,
        () => /microphone|camera/i.test(document.getElementById("device-help")?.textContent ?? ""),
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
      assert.deepEqual([...new Set((await provider.look()).stopped)], stoppedBySdk());
    } finally {
      await provider.close();
      await patient.close();
    }
  },
);
