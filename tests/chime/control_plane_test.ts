import {
  BatchCreateAttendeeCommand,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  CreateMeetingWithAttendeesCommand,
  DeleteAttendeeCommand,
  DeleteMeetingCommand,
  GetAttendeeCommand,
  GetMeetingCommand,
  ListAttendeesCommand,
  UpdateAttendeeCapabilitiesCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import { MEDIA_REGIONS } from "../../dev/chime/control/requests.ts";
import { assertRefused, meetingInput, withChime } from "../support/chime/control.ts";

Deno.test("a meeting is created with a placement on the same server", () =>
  withChime(async (chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const host = new URL(chime.url).host;
    assert.equal(
      Meeting?.MediaPlacement?.SignalingUrl,
      `ws://${host}/control/${Meeting?.MeetingId}`,
    );
    assert.equal(Meeting?.MediaPlacement?.AudioHostUrl, host);
    assert.equal(Meeting?.MediaPlacement?.EventIngestionUrl, undefined);
    assert.equal(Meeting?.ExternalMeetingId, "visit-1");
    const again = await client.send(new GetMeetingCommand({ MeetingId: Meeting?.MeetingId }));
    assert.deepEqual(again.Meeting, Meeting);
  }));

Deno.test("a request token gives the same meeting, to simultaneous callers too", () =>
  withChime(async (_chime, client) => {
    const input = meetingInput();
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => client.send(new CreateMeetingCommand(input))),
    );
    assert.equal(new Set(answers.map((answer) => answer.Meeting?.MeetingId)).size, 1);
  }));

Deno.test("a request token with other parameters is a conflict", () =>
  withChime(async (_chime, client) => {
    const input = meetingInput();
    await client.send(new CreateMeetingCommand(input));
    const other = { ...input, MediaRegion: "us-east-1" };
    await assertRefused(client.send(new CreateMeetingCommand(other)), "ConflictException", 409);
  }));

Deno.test("a reused request token returns the ended meeting, which is not found", () =>
  withChime(async (_chime, client) => {
    const input = meetingInput();
    const { Meeting } = await client.send(new CreateMeetingCommand(input));
    const MeetingId = Meeting?.MeetingId;
    await client.send(new DeleteMeetingCommand({ MeetingId }));
    const again = await client.send(new CreateMeetingCommand(input));
    assert.equal(again.Meeting?.MeetingId, MeetingId);
    const attendee = new CreateAttendeeCommand({ MeetingId, ExternalUserId: "one" });
    await assertRefused(client.send(attendee), "NotFoundException", 404);
    await assertRefused(
      client.send(new GetMeetingCommand({ MeetingId })),
      "NotFoundException",
      404,
    );
  }));

for (
  const [name, wrong] of [
    ["a token of one letter", { ClientRequestToken: "x" }],
    ["a token of 65 letters", { ClientRequestToken: "x".repeat(65) }],
    ["a token with a dot", { ClientRequestToken: "a.b" }],
    ["an external meeting id of one letter", { ExternalMeetingId: "x" }],
    ["a reserved external meeting id", { ExternalMeetingId: "AWS:meeting" }],
    ["no external meeting id", { ExternalMeetingId: undefined }],
    ["a region without media", { MediaRegion: "mars-north-1" }],
    ["no media region", { MediaRegion: undefined }],
  ] as const
) {
  Deno.test(`CreateMeeting with ${name} is a bad request`, () =>
    withChime(async (_chime, client) => {
      const input = { ...meetingInput(), ...wrong } as ReturnType<typeof meetingInput>;
      await assertRefused(client.send(new CreateMeetingCommand(input)), "BadRequestException", 400);
    }));
}

Deno.test("every one of the 18 media regions is accepted", () =>
  withChime(async (_chime, client) => {
    assert.equal(MEDIA_REGIONS.length, 18);
    for (const MediaRegion of MEDIA_REGIONS) {
      await client.send(new CreateMeetingCommand(meetingInput({ MediaRegion })));
    }
  }));

Deno.test("an external user id gives the same attendee and join token", () =>
  withChime(async (_chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const MeetingId = Meeting?.MeetingId;
    const create = new CreateAttendeeCommand({ MeetingId, ExternalUserId: "patient-1" });
    const first = await client.send(create);
    const second = await client.send(create);
    assert.deepEqual(second.Attendee, first.Attendee);
    assert.match(first.Attendee?.JoinToken ?? "", /^[0-9a-f]{64}$/);
    assert.equal(first.Attendee?.Capabilities?.Audio, "SendReceive");
    const AttendeeId = first.Attendee?.AttendeeId;
    const got = await client.send(new GetAttendeeCommand({ MeetingId, AttendeeId }));
    assert.equal(got.Attendee?.ExternalUserId, "patient-1");
    for (const ExternalUserId of ["x", "aws:someone", "x".repeat(65), "semi;colon"]) {
      await assertRefused(
        client.send(new CreateAttendeeCommand({ MeetingId, ExternalUserId })),
        "BadRequestException",
        400,
      );
    }
  }));

Deno.test("attendees are created in batches, listed in pages and deleted", () =>
  withChime(async (_chime, client) => {
    const { Meeting, Attendees } = await client.send(
      new CreateMeetingWithAttendeesCommand({
        ...meetingInput(),
        Attendees: [{ ExternalUserId: "doctor-1" }, { ExternalUserId: "patient-1" }],
      }),
    );
    const MeetingId = Meeting?.MeetingId;
    assert.equal(Attendees?.length, 2);
    const batch = await client.send(
      new BatchCreateAttendeeCommand({
        MeetingId,
        Attendees: [{ ExternalUserId: "guest-1" }, { ExternalUserId: "patient-1" }],
      }),
    );
    assert.equal(batch.Attendees?.[1]?.AttendeeId, Attendees?.[1]?.AttendeeId);
    const page = await client.send(new ListAttendeesCommand({ MeetingId, MaxResults: 2 }));
    assert.equal(page.Attendees?.length, 2);
    const NextToken = page.NextToken;
    const rest = await client.send(new ListAttendeesCommand({ MeetingId, NextToken }));
    assert.deepEqual(rest.Attendees?.map((one) => one.ExternalUserId), ["guest-1"]);
    const AttendeeId = Attendees?.[0]?.AttendeeId;
    await client.send(new DeleteAttendeeCommand({ MeetingId, AttendeeId }));
    await assertRefused(
      client.send(new GetAttendeeCommand({ MeetingId, AttendeeId })),
      "NotFoundException",
      404,
    );
  }));

Deno.test("capabilities follow AWS's rules", () =>
  withChime(async (_chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const MeetingId = Meeting?.MeetingId;
    const { Attendee } = await client.send(
      new CreateAttendeeCommand({ MeetingId, ExternalUserId: "patient-1" }),
    );
    const update = (Audio: string, Video: string, Content: string) =>
      client.send(
        new UpdateAttendeeCapabilitiesCommand({
          MeetingId,
          AttendeeId: Attendee?.AttendeeId,
          Capabilities: { Audio, Video, Content } as NonNullable<typeof Attendee>["Capabilities"],
        }),
      );
    const updated = await update("Receive", "Receive", "Receive");
    assert.equal(updated.Attendee?.Capabilities?.Video, "Receive");
    await assertRefused(update("None", "Send", "Receive"), "BadRequestException", 400);
    await assertRefused(update("None", "Loud", "None"), "BadRequestException", 400);
  }));

Deno.test("requests are recorded by operation and status, without tokens", () =>
  withChime(async (chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const MeetingId = Meeting?.MeetingId;
    const { Attendee } = await client.send(
      new CreateAttendeeCommand({ MeetingId, ExternalUserId: "patient-1" }),
    );
    const read = async (path: string) => await (await fetch(`${chime.url}/_chime/${path}`)).text();
    const requests = JSON.parse(await read("requests")) as { operation: string; status: number }[];
    assert.deepEqual(
      requests.map(({ operation, status }) => [operation, status]),
      [["CreateMeeting", 200], ["CreateAttendee", 200]],
    );
    const token = Attendee?.JoinToken ?? "missing";
    for (const path of ["requests", "meetings", "events"]) {
      assert.ok(!(await read(path)).includes(token), path);
    }
  }));
