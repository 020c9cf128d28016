import protocol from "amazon-chime-sdk-js/build/signalingprotocol/SignalingProtocol.js";
import { z } from "zod";
import type { Meeting } from "../meetings.ts";
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
 * Sends everybody in the speaker's meeting what was said, as the service does between
 * `StartMeetingTranscription` and `StopMeetingTranscription`. Returns to how many. `now` in
 * milliseconds.
 */
export function transcribe(
  everybody: readonly Participant[],
  transcript: Transcript,
  now: number,
): number {
  const said = transcriptSchema.parse(transcript);
  const people = everybody.filter(({ content }) => !content);
  const speaker = people.find(({ attendee }) => attendee.externalUserId === said.attendee);
  if (speaker?.call.meeting.transcription === undefined) return 0;
  const listeners = people.filter(({ call }) => call === speaker.call);
  send(listeners, encode(said, speaker.attendee.attendeeId, now), now);
  return listeners.length;
}

/** Tells the people of a meeting that its transcription has started or stopped. */
export function reportTranscription(
  people: readonly Participant[],
  { transcription, request }: Meeting,
  now: number,
): void {
  const { SdkTranscriptFrame, SdkTranscriptionStatus } = protocol;
  const { STARTED, STOPPED } = SdkTranscriptionStatus.Type;
  const status = {
    type: transcription ? STARTED : STOPPED,
    eventTime: now,
    transcriptionRegion: transcription?.EngineTranscribeSettings?.Region ?? request.MediaRegion,
    transcriptionConfiguration: JSON.stringify(transcription ?? {}),
  };
  const frame = SdkTranscriptFrame.fromObject({ events: [{ status }] });
  const listeners = people.filter(({ content }) => !content);
  send(listeners, SdkTranscriptFrame.encode(frame).finish(), now);
}

function send(listeners: readonly Participant[], data: Uint8Array, now: number): void {
  const message = {
    topic: TOPIC,
    data,
    lifetimeMs: 0,
    senderAttendeeId: "",
    senderExternalUserId: "",
    ingestTimeNs: now * 1_000_000,
  };
  for (const one of listeners) {
    one.send(FRAME.DATA_MESSAGE, { dataMessage: { messages: [message] } });
  }
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
