import { deepEqual } from "node:assert/strict";
import { startCall } from "./call.ts";
import { createDevices } from "../media/devices.ts";
import type { AudioVideo, Sdk } from "../media/sdk.ts";
import type { Session } from "./session.ts";
import { loadWish } from "../media/wish.ts";
import { devices, settle } from "../../tests/support/fake_devices.ts";

/** What belongs to one call does not reach the next one. */

/**
 * A call on a session that does nothing by itself: `tell` calls the callbacks that it was given. `said`
 * are the reasons of its end, `heard` the names of all other events.
 */
function call(promptTimeoutMs: number) {
  const { open, opened, answer, states } = devices();
  const both = createDevices(open, () => undefined);
  const handed: Record<string, (...values: unknown[]) => void>[] = [];
  const audioVideo = new Proxy({}, {
    get: (_, name) => (...given: unknown[]) => {
      for (const one of given) {
        if (typeof one === "function") handed.push({ [String(name)]: one as () => void });
        else if (/Observer$/.test(String(name))) handed.push(one as typeof handed[number]);
      }
    },
  }) as AudioVideo;
  const tell = (name: string, ...values: unknown[]) =>
    handed.forEach((each) => each[name]?.(...values));
  const heard: string[] = [];
  const note = (name: string) => () => void heard.push(name);
  const session: Session = {
    audioVideo,
    self: "me",
    warm: () => undefined,
    limit: () => undefined,
    watch: () => undefined,
    skip: () => undefined,
    close: () => Promise.resolve(),
  };
  const said: string[] = [];
  const started = startCall({
    sdk: { MeetingSessionStatusCode: {} } as unknown as Sdk,
    session,
    devices: both,
    wish: { ...loadWish(""), camera: false },
    limits: () => ({ top: 2, megabytesAnHour: Infinity }),
    audio: {} as HTMLAudioElement,
    events: {
      started: note("started"),
      reconnecting: note("reconnecting"),
      stopped: (reason) => void said.push(reason),
      microphone: note("microphone"),
      camera: note("camera"),
      roster: {
        joined: note("joined"),
        left: note("left"),
        muted: note("muted"),
        silent: note("silent"),
      },
      network: { changed: note("network"), signals: note("signals"), used: note("used") },
      pictures: { isShown: () => true, renewed: note("renewed"), stopped: note("picture") },
      replaced: (kind, label) => void heard.push(`replaced ${kind} ${label}`),
      held: note("held"),
      resumed: note("resumed"),
      tileUpdated: note("tile"),
      tileRemoved: note("no tile"),
      opened: note("opened"),
      fault: (name) => void heard.push(`fault ${name}`),
    },
    promptTimeoutMs,
  });
  return { call: started, both, said, heard, tell, opened, answer, states };
}

Deno.test("a microphone that is unplugged is replaced by another one, which the person is told", async () => {
  const { both, heard, tell, answer, states } = call(10_000);
  await answer({ deviceId: "headset", label: "Headset" });
  tell("audioVideoDidStart");
  tell("audioInputStreamEnded");
  await answer({ deviceId: "built-in", label: "Built-in" });
  await settle();
  deepEqual([states(), both.microphone.state], [["ended", "live"], "on"]);
  deepEqual(heard.filter((event) => /held|replaced/.test(event)), ["replaced microphone Built-in"]);
});

Deno.test("a microphone that opens again after it ended is not announced as another one", async () => {
  const { heard, tell, answer } = call(10_000);
  await answer({ deviceId: "built-in" });
  tell("audioInputStreamEnded");
  await answer({ deviceId: "built-in" });
  deepEqual(heard.filter((event) => /held|replaced/.test(event)), []);
});

for (
  const [error, trouble, holds] of [
    ["NotAllowedError", "refused", false],
    ["NotFoundError", "missing", false],
    ["NotReadableError", "busy", true],
  ] as const
) {
  Deno.test(`a microphone that is lost and answers ${error} is ${trouble}`, async () => {
    const { both, heard, tell, answer } = call(10_000);
    await answer();
    tell("audioVideoDidStart");
    tell("audioInputStreamEnded");
    await answer({ error });
    // A missing device is asked for a second time, without a choice.
    await answer({ error });
    deepEqual([both.microphone.state, both.microphone.trouble], ["blocked", trouble]);
    deepEqual(heard.includes("held"), holds);
  });
}

Deno.test("a call that is given up releases its devices at once, and not those of the next call", async () => {
  const { call: first, both, said, answer, states, tell } = call(10_000);
  await settle();
  await answer();
  await settle();
  first.leave(true);
  deepEqual([said, states()], [["Left"], ["ended"]]);
  // The next call has the microphone when the old session finally answers.
  void both.microphone.open();
  await settle();
  await answer();
  tell("audioVideoDidStop", { statusCode: () => 0 });
  await settle();
  deepEqual([said, states(), both.microphone.state], [["Left"], ["ended", "live"], "on"]);
});

Deno.test("a call that is over no longer watches the tracks of its devices", async () => {
  const { call: first, opened, answer } = call(10_000);
  await answer();
  const watched = () => opened.map(({ listeners }) => listeners > 0);
  deepEqual(watched(), [true]);
  first.leave(true);
  deepEqual(watched(), [false]);
});

Deno.test("a call that was given up during its prompt does not affect the next call's prompt", async () => {
  const { call: first, both, answer, states } = call(0);
  first.leave(true);
  void both.microphone.open();
  // Now the timeout of the call that was given up is over.
  await settle();
  await settle();
  await answer();
  await answer();
  deepEqual([states(), both.microphone.state], [["ended", "live"], "on"]);
});

/** Calls every callback of a session, with a person who joins and speaks. */
function callAll(tell: ReturnType<typeof call>["tell"]): void {
  const message = {
    senderAttendeeId: "a",
    senderExternalUserId: "u",
    throttled: false,
    text: () => JSON.stringify({ rung: 1, poor: true }),
  };
  tell("audioVideoDidStart");
  tell("audioVideoDidStartConnecting", true);
  tell("realtimeSubscribeToAttendeeIdPresence", "a", true, "u");
  tell("realtimeSubscribeToVolumeIndicator", "a", null, true, null);
  tell("realtimeSubscribeToReceiveDataMessage", message);
  tell("metricsDidReceive", { rtcStatsReport: [{ type: "candidate-pair", timestamp: 1000 }] });
  tell("videoTileDidUpdate", { tileId: 1, boundAttendeeId: "a", boundExternalUserId: "u" });
  tell("videoTileWasRemoved", 1);
  tell("realtimeSubscribeToAttendeeIdPresence", "a", false);
  tell("videoInputStreamEnded");
  tell("audioInputStreamEnded");
}

Deno.test("a session's callbacks do not reach the page once its call is over", async () => {
  const { call: first, both, heard, tell, answer, states } = call(10_000);
  await answer();
  callAll(tell);
  const all = ["started", "reconnecting", "joined", "muted", "network", "used", "tile", "left"];
  deepEqual([...all, "no tile", "microphone"].filter((event) => !heard.includes(event)), []);
  deepEqual(heard.filter((event) => event.startsWith("fault")), []);
  first.leave(true);
  // The next call's.
  void both.microphone.open();
  // The first answer is for the ended microphone of the old call.
  await answer();
  await answer();
  heard.splice(0);
  callAll(tell);
  await settle();
  deepEqual([heard, both.microphone.state, states().at(-1)], [[], "on", "live"]);
});
