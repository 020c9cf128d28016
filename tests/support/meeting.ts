/** The Chime stand-in with one meeting in it. */
import {
  type ChimeSDKMeetingsClient,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteAttendeeCommand,
  DeleteMeetingCommand,
  type Meeting,
} from "@aws-sdk/client-chime-sdk-meetings";
import { ok } from "node:assert/strict";
import { type Chime, type ChimeOptions, startChime } from "../../dev/chime/chime.ts";
import type { JoinInfo, Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { awsClient, CREDENTIALS, meetingInput } from "./chime/control.ts";

/** A stand-in, a client of it, and its meeting. */
export interface TestMeeting {
  readonly chime: Chime;
  readonly client: ChimeSDKMeetingsClient;
  readonly meeting: Meeting & { readonly MeetingId: string };
  /** Addresses that the page's policy must let it connect to. */
  readonly connect: readonly string[];
  /** The credentials of a person; the same ones each time. */
  attend(person: Pick<Person, "id">): Promise<JoinInfo>;
  /** Takes an attendee out of the meeting. */
  remove(join: JoinInfo): Promise<void>;
  end(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a stand-in and creates a meeting. */
export async function startMeeting(options: Partial<ChimeOptions> = {}): Promise<TestMeeting> {
  const chime = await startChime({ credentials: [CREDENTIALS], ...options });
  const client = awsClient(chime.url);
  const { Meeting: created } = await client.send(new CreateMeetingCommand(meetingInput()));
  ok(created?.MeetingId);
  const { MeetingId } = created;
  const meeting = { ...created, MeetingId };
  return {
    chime,
    client,
    meeting,
    connect: [chime.url, chime.url.replace("http", "ws")],
    async attend({ id }) {
      const { Attendee: attendee } = await client.send(
        new CreateAttendeeCommand({ MeetingId, ExternalUserId: id }),
      );
      return { meeting, attendee } as JoinInfo;
    },
    async remove({ attendee: { AttendeeId } }) {
      await client.send(new DeleteAttendeeCommand({ MeetingId, AttendeeId }));
    },
    async end() {
      await client.send(new DeleteMeetingCommand({ MeetingId }));
    },
    async close() {
      client.destroy();
      await chime.close();
    },
  };
}
