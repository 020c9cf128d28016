import { mayReceive } from "../control/capabilities.ts";
import type { FrameBody } from "./frames.ts";
import type { Participant } from "./participant.ts";

/** Audio statuses; the SDK has a status code for each. */
export const AUDIO_STATUS = {
  ok: 200,
  joinedElsewhere: 301,
  meetingEnded: 410,
  attendeeRemoved: 411,
} as const;

/** Statuses in a frame's error, for clients that may not send video for lack of room. */
export const SIGNALLING_STATUS = { viewOnly: 206, atCapacity: 509 } as const;

/** Closing codes for clients that have not asked for media yet. */
export const CLOSING = {
  attendeeGone: { code: 4403, reason: "attendee unavailable" },
  meetingEnded: { code: 4410, reason: "meeting ended" },
} as const;

/** Body of the frame that says who is present. */
export function roster(participants: readonly Participant[]): FrameBody {
  const streams = participants.map(({ audioStreamId, id, attendee, muted }) => (
    { audioStreamId, attendeeId: id, externalUserId: attendee.externalUserId, muted }
  ));
  return { audioStreamIdInfo: { streams } };
}

/** Body of the frame that says which streams a client may ask for. */
export function indexFor(
  viewer: Participant,
  all: readonly Participant[],
  atCapacity: boolean,
): FrameBody {
  const { Video, Content } = viewer.attendee.capabilities;
  const sources = all.filter((one) =>
    one.sending && one.id !== viewer.id && mayReceive(one.content ? Content : Video)
  );
  return {
    index: {
      atCapacity,
      pausedAtSourceIds: [],
      numParticipants: all.filter((one) => one.here).length,
      sources: sources.map((one) => ({
        streamId: one.streamId,
        groupId: one.groupId,
        attendeeId: one.id,
        externalUserId: one.attendee.externalUserId,
        mediaType: 2,
        avgBitrateBps: one.video.maxBitrateKbps * 500,
        ...one.video,
      })),
    },
  };
}
