import { deepEqual, equal } from "node:assert/strict";
import type { AudioVideo } from "../media/sdk.ts";
import { followRoster } from "./roster.ts";

type Presence = (
  id: string,
  present: boolean,
  externalUserId?: string,
  dropped?: boolean,
) => void;
type Volume = (id: string, volume: number | null, muted: boolean | null) => void;

/** A roster and what it reports. */
function follow() {
  const said: string[] = [];
  let presence: Presence = () => undefined;
  const volumes = new Map<string, Volume[]>();
  const audioVideo: Pick<
    AudioVideo,
    | "realtimeSubscribeToAttendeeIdPresence"
    | "realtimeSubscribeToVolumeIndicator"
    | "realtimeUnsubscribeFromVolumeIndicator"
  > = {
    realtimeSubscribeToAttendeeIdPresence: (callback) => presence = callback as Presence,
    realtimeSubscribeToVolumeIndicator: (id, callback) =>
      void volumes.set(id, [...volumes.get(id) ?? [], callback as Volume]),
    realtimeUnsubscribeFromVolumeIndicator(id, callback) {
      const others = volumes.get(id)?.filter((one) => callback && one !== callback) ?? [];
      volumes.set(id, others);
    },
  };
  const roster = followRoster(
    audioVideo as AudioVideo,
    "me",
    {
      joined: (id, user) => said.push(`${id} joined as ${user}`),
      left: (id, dropped) => said.push(`${id} ${dropped ? "dropped" : "left"}`),
      muted: (id, muted) => said.push(`${id} ${muted ? "muted" : "unmuted"}`),
      silent: (id, silent) => said.push(`${id} ${silent ? "silent" : "heard"}`),
    },
    (callback) => callback,
    (id) => said.push(`${id} speaks`),
  );
  const report: Presence = (...values) => {
    presence(...values);
    // The SDK's speaker detector subscribes to everyone who comes, and never unsubscribes.
    if (values[1]) audioVideo.realtimeSubscribeToVolumeIndicator(values[0], () => undefined);
  };
  const since = () => said.splice(0);
  return { roster, report, volumes, since };
}

Deno.test("a person with two connections stays when one of them is gone", () => {
  const { report, since } = follow();
  report("a", true, "u");
  report("a", true, "u");
  report("a", false, "u");
  deepEqual(since(), ["a joined as u"]);
  report("a", false, "u");
  deepEqual(since(), ["a left"]);
  report("a", false, "u");
  deepEqual(since(), []);
});

Deno.test("leaving is told from a lost connection", () => {
  const { report, since } = follow();
  for (const dropped of [false, true, undefined]) {
    report("a", true, "u");
    report("a", false, "u", dropped);
  }
  deepEqual(since().filter((one) => !/joined/.test(one)), ["a left", "a dropped", "a left"]);
});

Deno.test("after this page reconnects, everyone it hears of again counts once", () => {
  const { report, roster, since } = follow();
  report("a", true, "u");
  report("b", true, "v");
  roster.reconnecting();
  report("a", true, "u");
  // The SDK reports b, who left in the meantime, after the new list.
  report("b", false, "v");
  deepEqual(since(), ["a joined as u", "b joined as v", "b left"]);
  report("a", false, "u");
  deepEqual(since(), ["a left"]);
});

Deno.test("a person whose last connection ended unnoticed is gone once nothing comes from them", () => {
  const { report, roster, since } = follow();
  report("a", true, "u");
  report("a", true, "u");
  report("a", false, "u", false);
  roster.silent("a", true);
  deepEqual(since(), ["a joined as u", "a left"]);
});

Deno.test("silence is reported only of people who are there, and so is speech", () => {
  const { report, roster, volumes, since } = follow();
  roster.silent("a", true);
  deepEqual(since(), []);
  report("a", true, "u");
  roster.silent("a", true);
  volumes.get("a")?.[0]?.("a", 0.4, null);
  volumes.get("a")?.[0]?.("a", 0, true);
  roster.silent("a", false);
  deepEqual(since(), ["a joined as u", "a silent", "a speaks", "a muted", "a heard"]);
});

Deno.test("nobody listens to the volume of a person who has left", () => {
  const { report, volumes } = follow();
  report("a", true, "u");
  equal(volumes.get("a")?.length, 2);
  report("a", false, "u");
  equal(volumes.get("a")?.length, 0);
});

Deno.test("this page and shared screens are not people", () => {
  const { report, since } = follow();
  report("me", true, "self");
  report("a#content", true, "u");
  deepEqual(since(), []);
});
