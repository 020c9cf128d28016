import protocol from "amazon-chime-sdk-js/build/signalingprotocol/SignalingProtocol.js";
import { z } from "zod";
import { FRAME } from "./frames.ts";
import type { Participant } from "./participant.ts";

/** Something that was said, as Amazon Transcribe would have it. */
export const transcriptSchema = z.object({
  /** ExternalUserId of who said it, in the first meeting they are found in. */
  attendee: z.string(),
  text: z.string().min(1),
  /** The same result is said again, better, until it is no longer partial. */
  resultId: z.string().min(1).default(() => crypto.randomUUID()),
  partial: z.boolean().default(false),
});

/** What {@link transcriptSchema} reads. */
export type Transcript = z.input<typeof transcriptSchema>;

/** Topic of live transcription. No client may send on it: its colons are refused. */
const TOPIC = "aws:chime:transcription";

/**
 * Tells everybody in the speaker's meeting what was said, as the service does once
 * `StartMeetingTranscription` was called. Answers to how many. `now` in milliseconds.
 */
export function transcribe(
  everybody: readonly Participant[],
  transcript: Transcript,
  now: number,
): number {
  const said = transcriptSchema.parse(transcript);
  const hears = everybody.filter(({ content }) => !content);
  const speaker = hears.find(({ attendee }) => attendee.externalUserId === said.attendee);
  if (speaker === undefined) return 0;
  const message = {
    topic: TOPIC,
    data: encode(said, speaker.attendee.attendeeId, now),
    lifetimeMs: 0,
    senderAttendeeId: "",
    senderExternalUserId: "",
    ingestTimeNs: now * 1_000_000,
  };
  const told = hears.filter(({ call }) => call === speaker.call);
  for (const one of told) {
    one.send(FRAME.DATA_MESSAGE, { dataMessage: { messages: [message] } });
  }
  return told.length;
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
