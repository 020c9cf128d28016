/**
 * Checks against the real Amazon Chime the rules that this project relies on.
 *
 *   AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… CHIME_REGION=… deno run -A dev/chime/smoke.ts [--join]
 *
 * `CHIME_ENDPOINT` sends it to a stand-in instead. `--join` waits before the meeting is deleted and
 * prints what a browser needs to join: join tokens, so do not use it where output is kept.
 */
import {
  ChimeSDKMeetingsClient,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteMeetingCommand,
  GetMeetingCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { argv, env, exit, stderr, stdin, stdout } from "node:process";

const needed = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CHIME_REGION"] as const;
const missing = needed.filter((name) => !env[name]);
if (missing.length > 0) {
  stderr.write(`Cannot call Amazon Chime: set ${missing.join(", ")}\n`);
  exit(2);
}

const region = env["CHIME_REGION"] ?? "";
const endpoint = env["CHIME_ENDPOINT"];
const client = new ChimeSDKMeetingsClient({ region, ...(endpoint ? { endpoint } : {}) });
const say = (text: string) => stdout.write(`${text}\n`);

const input = {
  ClientRequestToken: randomUUID(),
  ExternalMeetingId: `smoke-${randomUUID()}`,
  MediaRegion: env["CHIME_MEDIA_REGION"] ?? region,
};
const { Meeting } = await client.send(new CreateMeetingCommand(input));
const MeetingId = Meeting?.MeetingId;
try {
  assert.ok(MeetingId, "a meeting has an id");
  assert.ok(Meeting?.MediaPlacement?.SignalingUrl, "a meeting has a signalling URL");
  say("a meeting was created");
  const again = await client.send(new CreateMeetingCommand(input));
  assert.equal(again.Meeting?.MeetingId, MeetingId);
  say("the same token gives the same meeting");
  const join = async (ExternalUserId: string) =>
    (await client.send(new CreateAttendeeCommand({ MeetingId, ExternalUserId }))).Attendee;
  const [doctor, patient] = [await join("smoke-doctor"), await join("smoke-patient")];
  assert.notEqual(doctor?.AttendeeId, patient?.AttendeeId);
  assert.equal((await join("smoke-doctor"))?.AttendeeId, doctor?.AttendeeId);
  say("the same external user id gives the same attendee");
  if (argv.includes("--join")) {
    say(JSON.stringify({ Meeting, Attendee: doctor }));
    say(JSON.stringify({ Meeting, Attendee: patient }));
    say("Press Enter to delete the meeting");
    await new Promise((resolve) => stdin.once("data", resolve));
  }
} finally {
  await client.send(new DeleteMeetingCommand({ MeetingId }));
}
await assert.rejects(client.send(new GetMeetingCommand({ MeetingId })), {
  name: "NotFoundException",
});
say("an ended meeting is not found");
client.destroy();
exit(0);
