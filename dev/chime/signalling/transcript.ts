import protocol from "amazon-chime-sdk-js/build/signalingprotocol/SignalingProtocol.js";
import { z } from "zod";
import { FRAME } from "./frames.ts";
import type { Participant } from "./participant.ts";

/** Something that was said, as Amazon Transcribe reports it. */
export const transcriptSchema = z.object({
  /** ExternalUserId of who said it, in the first meeting they are found in. */
  attendee: z.string(),
  text: z.string().min(1),
  /** A result is sent again, improved, until it is no longer partial. */
  resultId: z.string().min(1).default(() => crypto.randomUUID()),
  partial: z.boolean().default(false),
});

export type Transcript = z.input<typeof transcriptSchema>;

/** No client may send on this topic: colons are refused. */
const TOPIC = "aws:chime:transcription";

/**
 * Sends everybody in the speaker's meeting what was said, as the service does after
 * `StartMeetingTranscription`. Returns to how many. `now` in milliseconds.
 */
export function transcribe(
  everybody: readonly Participant[],
  transcript: Transcript,
  now: number,
): number {
  const said = transcriptSchema.parse(transcript);
  const people = everybody.filter(({ content }) => !content);
  const speaker = people.find(({ attendee }) => attendee.externalUserId === said.attendee);
  if (speaker === undefined) return 0;
  const message = {
    topic: TOPIC,
    data: encode(said, speaker.attendee.attendeeId, now),
    lifetimeMs: 0,
    senderAttendeeId: "",
    senderExternalUserId: "",
    ingestTimeNs: now * 1_000_000,
  };
  const listeners = people.filter(({ call }) => call === speaker.call);
  for (const one of listeners) {
    one.send(FRAME.DATA_MESSAGE, { dataMessage: { messages: [message] } });
  }
  return listeners.length;
}

function encode(said: z.output<typeof transcriptSchema>, attendeeId: string, now: number) {
  const { SdkTranscriptFrame, SdkTranscriptItem } = protocol;
  const item = {
    content: said.text,
    startTime: now,
    endTime: now,
    speakerAttendeeId: attendeeId,
    speakerExternalUserId: said.attendee,
    type: SdkTranscriptItem.Type.PRONUNCIATION,
  };
  const result = {
    resultId: said.resultId,
    isPartial: said.partial,
    startTime: now,
    endTime: now,
    channelId: "ch_0",
    alternatives: [{ transcript: said.text, items: [item], entities: [] }],
  };
  return SdkTranscriptFrame.encode(
    SdkTranscriptFrame.fromObject({ events: [{ transcript: { results: [result] } }] }),
  ).finish();
}
