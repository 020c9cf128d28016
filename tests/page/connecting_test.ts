/** What becomes of a call that cannot connect, or connects without devices. */
import { deepEqual, ok } from "node:assert/strict";
import { browserTest, untilPhase } from "../support/browser.ts";
import { hostEvents } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { DEAD_JOIN } from "../support/visit_page.ts";
import { NOWHERE, withCdnPage } from "./cdn_page.ts";
import { withServer } from "../support/with_server.ts";

for (
  const [name, hasText, options] of [
    ["a person who refuses both devices", /microphone is blocked/, { permission: "deny" }],
    ["a device without a microphone", /No microphone was found/, { devices: false }],
  ] as const
) {
  browserTest(
    `${name} still connects, and is told why`,
    (browser) =>
      withCdnPage(browser, {}, async ({ phone, page, visit }) => {
        await page.goto(visit.url);
        await untilPhase(page, "connecting");
        await page.locator("#device-help", { hasText }).waitFor();
        await until(
          "signalling was tried",
          () => phone.console.some((line) => line.includes("WebSocket connection")),
        );
      }),
    options,
  );
}

browserTest(
  "credentials of a dead meeting are replaced once, then the person decides",
  async (browser) => {
    // Signalling that no longer knows the meeting, as Chime closes it (code 4410).
    const close = (request: Request) => {
      const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "_aws_wt_session" });
      socket.onopen = () => socket.close(4410, "meeting ended");
      return response;
    };
    await withServer(close, async (port) => {
      const origin = `ws://127.0.0.1:${port}`;
      const { meeting } = DEAD_JOIN;
      const MediaPlacement = { ...meeting.MediaPlacement, SignalingUrl: `${origin}/control` };
      const join = { ...DEAD_JOIN, meeting: { ...meeting, MediaPlacement } };
      await withCdnPage(browser, { join }, async ({ page, visit }) => {
        const ends = async () =>
          (await hostEvents(page)).filter((line) => line.startsWith("ended"));
        visit.status = "open";
        visit.join = join;
        await page.goto(visit.url);
        await untilPhase(page, "failed");
        deepEqual(visit.calls, ["GET /visit/status", "POST /visit/join"]);
        const events = await hostEvents(page);
        ok(events.includes("error/INIT_FAILED: MeetingEnded"), events.join());
        deepEqual(await ends(), []);
        // Now the server says that the visit is over.
        visit.join = { problem: "visit-over", status: 410 };
        await page.click("#action");
        await untilPhase(page, "ended");
        deepEqual(await ends(), ["ended/MEETING_STOPPED"]);
      }, { connect: [...NOWHERE, origin] });
    });
  },
);
