import assert from "node:assert/strict";
import type { Caller } from "../support/chime/caller.ts";
import { withCallers } from "../support/chime/with_callers.ts";

const PEOPLE = ["doctor", "patient", "guest", "nurse", "mother", "son"] as const;

/** Asserts that everybody sees and hears everybody else, and not themselves. */
async function assertAllMeet(callers: ReadonlyMap<string, Caller>): Promise<void> {
  await Promise.all([...callers].map(async ([name, caller]) => {
    const others = [...callers].filter(([other]) => other !== name);
    await Promise.all([
      caller.untilFramesAdvance(others.map(([other]) => other)),
      caller.untilHears(others.map(([, { tone }]) => tone), [caller.tone]),
    ]);
  }));
}

for (const count of [2, 3, 6]) {
  Deno.test(`${count} people see and hear each other, all at once`, () =>
    withCallers(async ({ enter, chime }) => {
      const callers = new Map<string, Caller>();
      for (const name of PEOPLE.slice(0, count)) callers.set(name, await enter(name));
      await assertAllMeet(callers);
      const joined = chime.meetings()[0]?.attendees.filter((one) => one.joined);
      assert.equal(joined?.length, count);
    }));
}

Deno.test("others see and hear a mute, and an unmute", () =>
  withCallers(async ({ enter }) => {
    const doctor = await enter("doctor", { camera: false });
    const patient = await enter("patient", { camera: false });
    const muted = (wanted: boolean) =>
      doctor.until(
        `patient muted: ${wanted}`,
        ({ roster }) =>
          Object.values(roster).some((one) =>
            one.externalUserId === "patient" && one.muted === wanted
          ),
      );
    await doctor.untilHears([patient.tone]);
    await patient.mute(true);
    await muted(true);
    await doctor.untilHears([], [patient.tone]);
    await patient.mute(false);
    await muted(false);
    await doctor.untilHears([patient.tone]);
  }));

Deno.test("the roster shows presence, volume and signal strength", () =>
  withCallers(async ({ enter, chime }) => {
    const doctor = await enter("doctor", { camera: false });
    const patient = await enter("patient", { camera: false });
    const find = (state: Awaited<ReturnType<Caller["state"]>>) =>
      Object.values(state.roster).find((one) => one.externalUserId === "patient");
    await doctor.until("a loud patient on a good line", (state) => {
      const seen = find(state);
      return seen?.present === true && seen.loudest > 0.3 && seen.signal === 1;
    });
    await patient.leave();
    const after = await doctor.until("the patient left", (state) => find(state)?.present === false);
    assert.equal(find(after)?.dropped, false);
    const types = chime.events().map((event) => event.detail.eventType);
    assert.deepEqual(types.slice(-2), ["chime:AttendeeJoined", "chime:AttendeeLeft"]);
  }));

Deno.test("a camera that is switched off removes its tile, and on again brings it back", () =>
  withCallers(async ({ enter }) => {
    const doctor = await enter("doctor");
    const patient = await enter("patient");
    for (let time = 1; time <= 2; time++) {
      await doctor.untilFramesAdvance(["patient"]);
      await patient.cameraOff();
      await doctor.until("no tile", (state) => state.tiles.length === 0);
      await patient.untilFramesAdvance(["doctor"]);
      await patient.cameraOn();
    }
    await doctor.untilFramesAdvance(["patient"]);
  }));
