import { mayReceive } from "../control/capabilities.ts";
import type { FrameBody } from "./frames.ts";
import type { Participant } from "./participant.ts";

/** Audio statuses that the stand-in sends by itself; the SDK has a status code for each. */
export const AUDIO_STATUS = {
  ok: 200,
  joinedElsewhere: 301,
  meetingEnded: 410,
  attendeeRemoved: 411,
} as const;

/** Statuses in a frame's error, for who may not send video for want of room. */
export const SIGNALLING_STATUS = { viewOnly: 206, atCapacity: 509 } as const;

/** Closing codes for those who have not asked for media yet. */
export const CLOSING = {
  attendeeGone: { code: 4403, reason: "attendee unavailable" },
  meetingEnded: { code: 4410, reason: "meeting ended" },
} as const;

/** A participant as the others learn of them. */
function stream({ audioStreamId, id, attendee, muted }: Participant) {
  return { audioStreamId, attendeeId: id, externalUserId: attendee.externalUserId, muted };
}

/** Body of the frame that tells of one arrival. */
export function presence(participant: Participant): FrameBody {
  return { audioStreamIdInfo: { streams: [stream(participant)] } };
}

/** Body of the frame that tells of everybody who is here. */
export function roster(participants: Iterable<Participant>): FrameBody {
  const here = [...participants].filter((one) => one.here);
  return { audioStreamIdInfo: { streams: here.map(stream) } };
}

/** Body of the frame that tells a client which streams it may ask for. */
export function indexFor(
  viewer: Participant,
  participants: Iterable<Participant>,
  atCapacity: boolean,
): FrameBody {
  const all = [...participants];
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
