import assert from "node:assert/strict";
import { withCallers } from "../support/chime/with_callers.ts";

Deno.test("a shared screen is seen beside the cameras until it stops", () =>
  withCallers(async ({ enter, chime }) => {
    const doctor = await enter("doctor");
    const patient = await enter("patient");
    await doctor.share();
    const shared = await patient.until(
      "frames of the share",
      (state) => state.tiles.some((tile) => tile.content && tile.frames > 5),
    );
    assert.equal(shared.tiles.find((tile) => tile.content)?.externalUserId, "doctor");
    await patient.untilFramesAdvance(["doctor"]);
    const presence = Object.keys(shared.roster).filter((id) => id.endsWith("#content"));
    assert.equal(presence.length, 1);
    await doctor.stopShare();
    await patient.until("no share", (state) => !state.tiles.some((tile) => tile.content));
    await patient.untilFramesAdvance(["doctor"]);
    const types = chime.events().map((event) => event.detail.eventType);
    for (const type of ["ContentJoined", "ContentVideoStarted", "ContentVideoStopped"]) {
      assert.ok(types.includes(`chime:Attendee${type}` as typeof types[number]), type);
    }
  }));

Deno.test("two people can share at once, a third cannot", () =>
  withCallers(async ({ enter }) => {
    const [one, two, three] = [
      await enter("one", { camera: false }),
      await enter("two", { camera: false }),
      await enter("three", { camera: false }),
    ];
    const viewer = await enter("viewer", { camera: false });
    await one.share();
    await two.share();
    await viewer.until(
      "two shares",
      (state) => state.tiles.filter((tile) => tile.content && tile.frames > 3).length === 2,
    );
    await three.share();
    await three.until("the third share refused", (state) => state.contentStopped !== null);
    const after = await viewer.state();
    assert.deepEqual(
      after.tiles.filter((tile) => tile.content).map((tile) => tile.externalUserId).sort(),
      ["one", "two"],
    );
  }));
