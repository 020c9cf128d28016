import {
  DeleteAttendeeCommand,
  DeleteMeetingCommand,
  UpdateAttendeeCapabilitiesCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import type { Caller } from "../support/chime/caller.ts";
import { withCallers } from "../support/chime/with_callers.ts";

const stopped = (caller: Caller, status: string) =>
  caller.until(status, (state) => state.stopped === status);

Deno.test("DeleteMeeting ends the call for everybody", () =>
  withCallers(async ({ enter, client, meeting, chime }) => {
    const doctor = await enter("doctor", { camera: false });
    const patient = await enter("patient", { camera: false });
    await client.send(new DeleteMeetingCommand({ MeetingId: meeting.MeetingId }));
    await Promise.all([stopped(doctor, "MeetingEnded"), stopped(patient, "MeetingEnded")]);
    assert.equal(chime.meetings()[0]?.ended?.reason, "deleted");
    assert.ok(chime.meetings()[0]?.attendees.every((one) => !one.joined));
  }));

Deno.test("DeleteAttendee removes one person, and the other stays", () =>
  withCallers(async ({ enter, client, meeting, attendee }) => {
    const doctor = await enter("doctor", { camera: false });
    const patient = await enter("patient", { camera: false });
    const { AttendeeId } = await attendee("patient");
    const MeetingId = meeting.MeetingId;
    await doctor.until("the patient", ({ roster }) => roster[AttendeeId]?.present === true);
    await client.send(new DeleteAttendeeCommand({ MeetingId, AttendeeId }));
    await stopped(patient, "AudioAttendeeRemoved");
    await doctor.until("the patient gone", ({ roster }) => roster[AttendeeId]?.present === false);
    assert.equal((await doctor.state()).stopped, null);
  }));

Deno.test("a second device with the same attendee displaces the first one", () =>
  withCallers(async ({ enter }) => {
    const doctor = await enter("doctor", { camera: false });
    const phone = await enter("patient", { camera: false });
    const tablet = await enter("patient", { camera: false });
    await stopped(phone, "AudioJoinedFromAnotherDevice");
    await doctor.untilHears([tablet.tone], [phone.tone]);
    const { roster } = await doctor.state();
    const patients = Object.values(roster).filter((one) => one.externalUserId === "patient");
    assert.deepEqual(patients.map((one) => one.present), [true]);
  }));

Deno.test("a join token is invalid once its attendee is deleted or its meeting has ended", () =>
  withCallers(async ({ startEntering, client, meeting, attendee, chime }) => {
    const MeetingId = meeting.MeetingId;
    const { AttendeeId, JoinToken } = await attendee("patient");
    await client.send(new DeleteAttendeeCommand({ MeetingId, AttendeeId }));
    assert.equal(await closeCode(meeting.MediaPlacement?.SignalingUrl, JoinToken), 4403);
    assert.equal(await closeCode(meeting.MediaPlacement?.SignalingUrl, "made-up"), 4403);
    const late = await attendee("late");
    chime.faults.add({ kind: "end-meeting" });
    assert.equal(await closeCode(meeting.MediaPlacement?.SignalingUrl, late.JoinToken), 4410);
    await assert.rejects(startEntering("doctor", { camera: false }), { name: "NotFoundException" });
  }));

for (
  const [code, status] of [
    [4410, "MeetingEnded"],
    [4403, "SignalingBadRequest"],
  ] as const
) {
  Deno.test(`a join refused with ${code} is ${status}`, () =>
    withCallers(async ({ startEntering, chime }) => {
      chime.faults.add({ kind: "refuse-join", code, attendee: "patient" });
      await stopped(await startEntering("patient", { camera: false }), status);
    }));
}

Deno.test("a join refused with 4500 is retried by the SDK", () =>
  withCallers(async ({ startEntering, chime }) => {
    chime.faults.add({ kind: "refuse-join", code: 4500 });
    const patient = await startEntering("patient", { camera: false });
    // The SDK notices only after its own connection timeout of 15 s.
    await patient.until("the start", (state) => state.started === 1);
    assert.equal(chime.faults.pending().length, 0);
  }));

Deno.test("every audio status ends the call with its name, or makes the SDK reconnect", () =>
  withCallers(async ({ enter, chime }) => {
    const ends = [
      [301, "AudioJoinedFromAnotherDevice"],
      [403, "AudioAuthenticationRejected"],
      [409, "AudioCallAtCapacity"],
      [410, "MeetingEnded"],
      [411, "AudioAttendeeRemoved"],
    ] as const;
    for (const [status, name] of ends) {
      const caller = await enter(`ended-${status}`, { camera: false });
      chime.faults.add({ kind: "audio-status", attendee: `ended-${status}`, status });
      await stopped(caller, name);
      await caller.close();
    }
    for (const status of [500, 503] as const) {
      const caller = await enter(`back-${status}`, { camera: false });
      chime.faults.add({ kind: "audio-status", attendee: `back-${status}`, status });
      await caller.until(
        "reconnected",
        (state) => state.connecting.includes(true) && state.started === 2,
      );
      await caller.close();
    }
  }));

Deno.test("an attendee who may not send is neither heard nor seen until the capabilities change", () =>
  withCallers(async ({ enter, client, meeting, attendee }) => {
    const { AttendeeId } = await attendee("guest");
    const allow = (what: "SendReceive" | "Receive") =>
      client.send(
        new UpdateAttendeeCapabilitiesCommand({
          MeetingId: meeting.MeetingId,
          AttendeeId,
          Capabilities: { Audio: what, Video: what, Content: what },
        }),
      );
    await allow("Receive");
    const doctor = await enter("doctor");
    const guest = await enter("guest");
    await guest.untilFramesAdvance(["doctor"]);
    await guest.untilHears([doctor.tone]);
    await doctor.untilHears([], [guest.tone]);
    assert.deepEqual((await doctor.state()).tiles, []);
    await allow("SendReceive");
    await doctor.untilHears([guest.tone]);
  }));

function closeCode(url: string | undefined, token: string): Promise<number> {
  const socket = new WebSocket(url ?? "", ["_aws_wt_session", token]);
  return new Promise((resolve) => socket.onclose = (event) => resolve(event.code));
}
