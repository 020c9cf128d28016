import type { RtpPacket } from "werift";
import { mayReceive } from "../control/capabilities.ts";
import type { MeetingEventType } from "../events.ts";
import type { Limits } from "../limits.ts";
import type { Attendee, Meeting, Meetings } from "../meetings.ts";
import { DataMessages } from "./data_messages.ts";
import { FRAME } from "./frames.ts";
import type { Participant, ParticipantCall, SentMessage } from "./participant.ts";
import { AUDIO_STATUS, indexFor, roster, SIGNALLING_STATUS } from "./presence.ts";
import { CallAudio } from "./audio.ts";

export interface CallDependencies {
  readonly meetings: Meetings;
  readonly limits: Limits;
  readonly clock: () => number;
  readonly mediaHost: string;
  readonly emit: (type: MeetingEventType, meeting: Meeting, attendee: Attendee) => void;
}

/** How often a camera is asked for a key frame at most. */
const KEY_FRAME_PAUSE_MS = 250;

/** Everybody who is connected to one meeting; passes on their audio, video and messages. */
export class Call implements ParticipantCall {
  readonly #participants = new Set<Participant>();
  readonly #messages: DataMessages;
  readonly audio = new CallAudio(() => this.#sendMeters());
  readonly #keyFrameAt = new Map<number, number>();
  #lastId = 0;

  constructor(readonly meeting: Meeting, readonly dependencies: CallDependencies) {
    this.#messages = new DataMessages(dependencies.limits, dependencies.clock);
  }

  participants(): Participant[] {
    return [...this.#participants];
  }

  /** An id that no stream of this meeting has had. */
  nextId(): number {
    return this.#lastId += 1;
  }

  add(participant: Participant): void {
    this.#participants.add(participant);
  }

  /** A client sent JOIN: it gets the index of streams and the messages that were kept. */
  joined(participant: Participant): void {
    participant.send(FRAME.JOIN_ACK, {
      joinack: {
        videoSubscriptionLimit: this.dependencies.limits.videoSources,
        wantsCompressedSdp: false,
      },
    });
    this.sendIndex(participant);
    if (participant.content) return;
    const messages = this.#messages.kept();
    if (messages.length > 0) participant.send(FRAME.DATA_MESSAGE, { dataMessage: { messages } });
  }

  /** A client takes its attendee's place: the one that had it before leaves. */
  takeOver(participant: Participant): void {
    for (const other of this.participants()) {
      if (other === participant || other.id !== participant.id || !other.subscribed) continue;
      if (other.audioSessionId !== participant.audioSessionId) {
        other.send(FRAME.AUDIO_STATUS, {
          audioStatus: { audioStatus: AUDIO_STATUS.joinedElsewhere },
        });
      }
      other.leave(false);
    }
  }

  /** A client's first audio has arrived: everybody is told. */
  arrived(participant: Participant): void {
    if (participant.here) return;
    participant.here = true;
    this.dependencies.meetings.audioHere(this.meeting, participant.id);
    participant.send(FRAME.AUDIO_STATUS, { audioStatus: { audioStatus: AUDIO_STATUS.ok } });
    const present = this.participants().filter((one) => one.here);
    participant.send(FRAME.AUDIO_STREAM_ID_INFO, roster(present));
    this.#broadcast(FRAME.AUDIO_STREAM_ID_INFO, roster([participant]), participant);
    this.audio.open(participant);
    this.#emit(participant.content ? "AttendeeContentJoined" : "AttendeeJoined", participant);
  }

  /** A client has left, or its connection was dropped. */
  left(participant: Participant, dropped: boolean): void {
    this.#participants.delete(participant);
    if (participant.sending) {
      participant.sending = false;
      this.sendingChanged(participant);
    }
    if (this.#participants.size === 0) this.audio.stop();
    if (!participant.here) return;
    const isBack = this.participants().some((other) => other.id === participant.id && other.here);
    this.audio.close(participant, isBack);
    if (!isBack) this.dependencies.meetings.audioGone(this.meeting, participant.id);
    this.#broadcast(FRAME.AUDIO_STREAM_ID_INFO, {
      audioStreamIdInfo: { streams: [{ audioStreamId: participant.audioStreamId, dropped }] },
    });
    const kind = participant.content ? "AttendeeContent" : "Attendee";
    this.#emit(`${kind}${dropped ? "Dropped" : "Left"}`, participant);
  }

  /** A camera or a share started or stopped. */
  sendingChanged(participant: Participant): void {
    for (const other of this.#participants) if (other !== participant) this.sendIndex(other);
    const what = participant.content ? "AttendeeContentVideo" : "AttendeeVideo";
    this.#emit(`${what}${participant.sending ? "Started" : "Stopped"}`, participant);
  }

  /** Sends a client the index of streams that it may show. */
  sendIndex(participant: Participant): void {
    const full = !participant.sending && !this.hasRoomFor(participant);
    participant.send(FRAME.INDEX, indexFor(participant, this.participants(), full));
  }

  /** Tells a client that there is no room for its video: a share ends, a camera is view-only. */
  refuseVideo(participant: Participant): void {
    const status = participant.content ? SIGNALLING_STATUS.atCapacity : SIGNALLING_STATUS.viewOnly;
    const index = indexFor(participant, this.participants(), true);
    participant.send(FRAME.INDEX, { ...index, error: { status } });
  }

  hasRoomFor({ content }: Participant): boolean {
    const sending = this.participants().filter((one) => one.sending && one.content === content);
    const { contentShares, videoSources } = this.dependencies.limits;
    return sending.length < (content ? contentShares : videoSources);
  }

  /** Whether the client's capabilities let it show this stream. */
  maySee(participant: Participant, streamId: number): boolean {
    const source = this.#sourceOf(streamId);
    if (source === undefined) return false;
    const { Video, Content } = participant.attendee.capabilities;
    return mayReceive(source.content ? Content : Video);
  }

  muteChanged(participant: Participant): void {
    const { audioStreamId, muted } = participant;
    if (muted) this.audio.silence(participant);
    this.#broadcast(FRAME.AUDIO_STREAM_ID_INFO, {
      audioStreamIdInfo: { streams: [{ audioStreamId, muted }] },
    });
  }

  /** Passes a packet of a client's camera to everybody who shows it. */
  relayVideo(participant: Participant, packet: RtpPacket): void {
    if (!participant.sending) return;
    for (const other of this.#participants) {
      if (other !== participant) other.sendVideo(participant.streamId, packet);
    }
  }

  /** Asks a stream's camera for a key frame, without which somebody cannot decode it. */
  keyFrameNeeded(streamId: number): void {
    const now = performance.now();
    if (now - (this.#keyFrameAt.get(streamId) ?? -Infinity) < KEY_FRAME_PAUSE_MS) return;
    this.#keyFrameAt.set(streamId, now);
    this.#sourceOf(streamId)?.requestKeyFrame();
  }

  relayMessage(
    participant: Participant,
    sent: SentMessage,
  ): void {
    if (participant.content) return;
    const message = {
      topic: sent.topic ?? "",
      data: sent.data ?? new Uint8Array(),
      lifetimeMs: sent.lifetimeMs ?? 0,
      senderAttendeeId: participant.attendee.attendeeId,
      senderExternalUserId: participant.attendee.externalUserId,
      ingestTimeNs: this.dependencies.clock() * 1_000_000,
    };
    const verdict = this.#messages.take(message);
    if (verdict === "throttled") {
      const messages = [{ ...message, ingestTimeNs: 0 }];
      participant.send(FRAME.DATA_MESSAGE, { dataMessage: { messages } });
    } else if (verdict === "delivered") {
      for (const other of this.#participants) {
        if (other === participant || other.content) continue;
        other.send(FRAME.DATA_MESSAGE, { dataMessage: { messages: [message] } });
      }
    }
  }

  /** Sends a status to some, and ends their connection. */
  disconnect(
    who: (participant: Participant) => boolean,
    audioStatus: number,
    closing: { readonly code: number; readonly reason: string },
  ): void {
    for (const participant of this.participants().filter(who)) {
      if (participant.subscribed) {
        participant.send(FRAME.AUDIO_STATUS, { audioStatus: { audioStatus } });
      } else participant.connection?.close(closing.code, closing.reason);
      participant.leave(false);
    }
  }

  /** An attendee's capabilities changed: their video may have to stop. */
  capabilitiesChanged(attendee: Attendee): void {
    for (const participant of this.#participants) {
      if (participant.attendee !== attendee) continue;
      if (participant.sending && !participant.mayShow) {
        participant.sending = false;
        this.sendingChanged(participant);
      }
      if (participant.here) this.audio.open(participant);
      this.sendIndex(participant);
    }
  }

  #sourceOf(streamId: number): Participant | undefined {
    return this.participants().find((one) => one.streamId === streamId && one.sending);
  }

  #sendMeters(): void {
    const attendeeStates = this.participants().filter((one) => one.here && !one.content)
      .map((one) => ({ audioStreamId: one.audioStreamId, ...one.readMeter() }));
    this.#broadcast(FRAME.AUDIO_METADATA, { audioMetadata: { attendeeStates } });
  }

  #broadcast(...[type, body, except]: [...Parameters<Participant["send"]>, Participant?]): void {
    for (const participant of this.#participants) {
      if (participant.here && participant !== except) participant.send(type, body);
    }
  }

  #emit(type: MeetingEventType, participant: Participant): void {
    this.dependencies.emit(type, this.meeting, participant.attendee);
  }
}
