import assert from "node:assert/strict";
import { withCallers } from "../support/chime/with_callers.ts";

Deno.test("the SDK reconnects after a dropped signalling socket", () =>
  withCallers(async ({ enter, chime }) => {
    const doctor = await enter("doctor");
    const patient = await enter("patient");
    await doctor.untilFramesAdvance(["patient"]);
    chime.faults.add({ kind: "drop-socket", attendee: "patient" });
    await patient.until(
      "reconnected",
      (state) => state.connecting.includes(true) && state.started === 2,
    );
    await doctor.untilFramesAdvance(["patient"]);
    await patient.untilFramesAdvance(["doctor"]);
    await doctor.untilHears([patient.tone]);
    await patient.untilHears([doctor.tone]);
    const present = Object.values((await doctor.state()).roster)
      .filter((one) => one.externalUserId === "patient").map((one) => one.present);
    assert.deepEqual(present, [true]);
  }));

Deno.test("a stalled socket delays frames and then delivers them", () =>
  withCallers(async ({ enter, chime }) => {
    const doctor = await enter("doctor", { camera: false });
    const patient = await enter("patient", { camera: false });
    await patient.listen("chat");
    chime.faults.add({ kind: "stall-socket", attendee: "patient", milliseconds: 1500 });
    const stalled = performance.now();
    await doctor.say("chat", "late");
    await patient.until("the message", (state) => state.messages.length === 1);
    assert.ok(performance.now() - stalled > 1400);
    assert.deepEqual((await patient.state()).connecting, [false]);
  }));

Deno.test("with a third of all packets lost sound and pictures still come through", () =>
  withCallers(async ({ enter, chime }) => {
    const doctor = await enter("doctor");
    const patient = await enter("patient");
    await doctor.untilFramesAdvance(["patient"]);
    chime.faults.add({ kind: "media", attendee: "patient", lose: 0.3, delay: 40 });
    await doctor.untilFramesAdvance(["patient"]);
    await doctor.untilHears([patient.tone]);
    const lost = (await patient.statistics()).some((row) => Number(row["packetsLost"]) > 0);
    assert.ok(lost, "the browser counts lost packets");
    chime.faults.clear();
    await patient.untilFramesAdvance(["doctor"], 20);
  }));

for (
  const [name, breaks, reconnects] of [
    ["the call survives ten seconds without packets", false, false],
    [
      "after ten seconds without a network the SDK reports reconnecting, and comes back",
      true,
      true,
    ],
  ] as const
) {
  Deno.test(name, () =>
    withCallers(async ({ enter, chime }) => {
      const doctor = await enter("doctor");
      const patient = await enter("patient");
      await doctor.untilFramesAdvance(["patient"]);
      await patient.untilFramesAdvance(["doctor"]);
      chime.faults.add({ kind: "deaf", attendee: "patient", milliseconds: 10_000 });
      // A phone that loses its network loses its connections with it.
      if (breaks) chime.faults.add({ kind: "drop-socket", attendee: "patient" });
      await doctor.untilHears([], [patient.tone]);
      await doctor.untilHears([patient.tone]);
      await Promise.all([
        patient.until("the call", (state) => state.started === (reconnects ? 2 : 1)),
        patient.untilHears([doctor.tone]),
        doctor.until("the picture", (state) => state.tiles.length === 1),
      ]);
      await doctor.untilFramesAdvance(["patient"]);
      await patient.untilFramesAdvance(["doctor"]);
      assert.equal((await patient.state()).connecting.includes(true), reconnects);
    }));
}
