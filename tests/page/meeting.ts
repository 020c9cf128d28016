/** A stand-in for Chime for tests that need a real call and not the whole function. */
import {
  ChimeSDKMeetingsClient,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteAttendeeCommand,
  DeleteMeetingCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import { ok } from "node:assert/strict";
import { startChime } from "../../dev/chime/chime.ts";
import type { JoinInfo, Person } from "../../supabase/functions/chime-page/contract/page_data.ts";

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

/** A stand-in for Chime with one meeting in it. */
export async function startMeeting() {
  const chime = await startChime({ credentials: [CREDENTIALS] });
  const client = new ChimeSDKMeetingsClient({
    region: "eu-central-1",
    endpoint: chime.url,
    credentials: CREDENTIALS,
  });
  const { Meeting: meeting } = await client.send(
    new CreateMeetingCommand({
      ClientRequestToken: crypto.randomUUID(),
      ExternalMeetingId: crypto.randomUUID(),
      MediaRegion: "eu-central-1",
    }),
  );
  ok(meeting);
  const MeetingId = meeting.MeetingId;
  return {
    chime,
    connect: [chime.url, chime.url.replace("http", "ws")],
    async attend(person: Person): Promise<JoinInfo> {
      const { Attendee: attendee } = await client.send(
        new CreateAttendeeCommand({ MeetingId, ExternalUserId: person.id }),
      );
      return { meeting, attendee } as JoinInfo;
    },
    remove: ({ attendee: { AttendeeId } }: JoinInfo) =>
      client.send(new DeleteAttendeeCommand({ MeetingId, AttendeeId })),
    end: () => client.send(new DeleteMeetingCommand({ MeetingId })),
    async close() {
      client.destroy();
      await chime.close();
    },
  };
}
