import {
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteMeetingCommand,
  GetMeetingCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import type { MeetingEvent } from "../../dev/chime/events.ts";
import { DEFAULT_LIMITS } from "../../dev/chime/limits.ts";
import { Meetings } from "../../dev/chime/meetings.ts";
import { assertRefused, meetingInput, TestClock, withChime } from "../support/chime/control.ts";

const MINUTE = 60_000;

Deno.test("a meeting that nobody joins ends after five minutes, with an event", async () => {
  const clock = new TestClock();
  const events: MeetingEvent[] = [];
  await withChime(async (chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const get = () => client.send(new GetMeetingCommand({ MeetingId: Meeting?.MeetingId }));
    clock.advance(5 * MINUTE - 1);
    await get();
    clock.advance(1);
    await assertRefused(get(), "NotFoundException", 404);
    assert.equal(chime.meetings()[0]?.ended?.reason, "silent");
    const types = events.map((event) => event.detail.eventType);
    assert.deepEqual(types, ["chime:MeetingStarted", "chime:MeetingEnded"]);
    assert.equal(events[0]?.source, "aws.chime");
    assert.equal(events[0]?.["detail-type"], "Chime Meeting State Change");
    assert.equal(events[0]?.detail.meetingId, Meeting?.MeetingId);
  }, { clock: clock.read, onEvent: (event) => events.push(event) });
});

Deno.test("a meeting ends by itself, without a request", () => {
  const ended = Promise.withResolvers<void>();
  return withChime(async (_chime, client) => {
    await client.send(new CreateMeetingCommand(meetingInput()));
    await ended.promise;
  }, {
    limits: { silentMeetingMs: 200 },
    onEvent: (event) => event.detail.eventType === "chime:MeetingEnded" && ended.resolve(),
  });
});

Deno.test("a meeting ends after 24 hours even while somebody speaks", () => {
  const clock = new TestClock();
  const meetings = new Meetings(DEFAULT_LIMITS, clock.read);
  const meeting = meetings.create({ ...meetingInput(), MediaRegion: "eu-central-1" });
  meetings.audioHere(meeting, "somebody");
  clock.advance(24 * 60 * MINUTE - 1);
  assert.equal(meetings.find(meeting.meetingId), meeting);
  clock.advance(1);
  assert.equal(meetings.find(meeting.meetingId), undefined);
});

Deno.test("the five minutes start again when the last audio connection ends", () => {
  const clock = new TestClock();
  const meetings = new Meetings(DEFAULT_LIMITS, clock.read);
  const meeting = meetings.create({ ...meetingInput(), MediaRegion: "eu-central-1" });
  clock.advance(4 * MINUTE);
  meetings.audioHere(meeting, "somebody");
  clock.advance(60 * MINUTE);
  meetings.audioGone(meeting, "somebody");
  clock.advance(5 * MINUTE - 1);
  assert.equal(meetings.find(meeting.meetingId), meeting);
  clock.advance(1);
  assert.equal(meetings.find(meeting.meetingId), undefined);
});

Deno.test("twenty requests are allowed at once, then ten a second", () => {
  const clock = new TestClock();
  return withChime(async (chime, client) => {
    const ask = () => client.send(new GetMeetingCommand({ MeetingId: "none" }));
    for (let i = 0; i < 20; i++) await assertRefused(ask(), "NotFoundException", 404);
    await assertRefused(ask(), "ThrottlingException", 429);
    clock.advance(1000);
    for (let i = 0; i < 10; i++) await assertRefused(ask(), "NotFoundException", 404);
    await assertRefused(ask(), "ThrottlingException", 429);
    assert.equal(chime.requests().filter((request) => request.status === 429).length, 2);
  }, { clock: clock.read });
});

Deno.test("active meetings and attendees are limited", () =>
  withChime(async (_chime, client) => {
    const create = () => client.send(new CreateMeetingCommand(meetingInput()));
    const { Meeting } = await create();
    await create();
    await assertRefused(create(), "LimitExceededException", 400);
    const join = (ExternalUserId: string) =>
      client.send(new CreateAttendeeCommand({ MeetingId: Meeting?.MeetingId, ExternalUserId }));
    await join("one");
    await join("two");
    await assertRefused(join("three"), "LimitExceededException", 400);
    await join("two");
    await client.send(new DeleteMeetingCommand({ MeetingId: Meeting?.MeetingId }));
    await create();
  }, { limits: { activeMeetings: 2, attendees: 2 } }));
