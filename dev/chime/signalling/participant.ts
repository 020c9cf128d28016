import type { RtpPacket } from "werift";
import { maySend } from "../control/capabilities.ts";
import type { Attendee, Meeting } from "../meetings.ts";
import type { NetworkPath } from "../media/network_path.ts";
import { Peer } from "../media/peer.ts";
import type { ConnectionOwner, SignalConnection } from "./connection.ts";
import { FRAME, type Frame } from "./frames.ts";

/** Values of the protocol's SdkStreamServiceType. */
const DUPLEX = { RX: 1, TX: 2, DUPLEX: 3 } as const;
/** Label of the one camera or content track that the SDK sends. */
const CAMERA_LABEL = "AmazonChimeExpressVideo";

type SubscribeFrame = NonNullable<Frame["sub"]>;

/** The call that a client is in. */
export interface ParticipantCall {
  readonly audio: { talk(from: Participant, packet: Uint8Array): void };
  readonly dependencies: { readonly mediaHost: string };
  readonly meeting: Meeting;
  nextId(): number;
  joined(participant: Participant): void;
  takeOver(participant: Participant): void;
  arrived(participant: Participant): void;
  left(participant: Participant, dropped: boolean): void;
  sendingChanged(participant: Participant): void;
  refuseVideo(participant: Participant): void;
  hasRoomFor(participant: Participant): boolean;
  maySee(participant: Participant, streamId: number): boolean;
  muteChanged(participant: Participant): void;
  relayVideo(participant: Participant, packet: RtpPacket): void;
  keyFrameNeeded(streamId: number): void;
  relayMessage(participant: Participant, message: SentMessage): void;
}

/** A data message as a client sends it. */
export interface SentMessage {
  readonly topic?: string | null;
  readonly data?: Uint8Array | null;
  readonly lifetimeMs?: number | null;
}

/** One client in a call: an attendee's camera and microphone, or their content share. */
export class Participant implements ConnectionOwner {
  /** The attendee's id, with `#content` for a content share. */
  readonly id: string;
  readonly audioStreamId: number;
  /** Id of the video stream that is sent now; a new one each time the camera starts. */
  streamId: number;
  groupId: number;
  sending = false;
  muted = false;
  /** Whether audio has arrived: then the attendee is in the roster. */
  here = false;
  /** Size and rate of the video, as the client states them. */
  video = { width: 960, height: 540, framerate: 15, maxBitrateKbps: 1400 };
  /** Stays the same when a client reconnects; another device has another. */
  audioSessionId = "";
  connection: SignalConnection | undefined;
  #peer: Peer | undefined;
  #loudest = 127;
  #packets = 0;
  #gone = false;

  constructor(
    readonly call: ParticipantCall,
    readonly attendee: Attendee,
    readonly content: boolean,
    readonly path: NetworkPath,
  ) {
    this.id = attendee.attendeeId + (content ? "#content" : "");
    this.audioStreamId = call.nextId();
    this.streamId = call.nextId();
    this.groupId = call.nextId();
  }

  get subscribed(): boolean {
    return this.#peer !== undefined;
  }

  /** Whether the attendee's capabilities let this client send video. */
  get mayShow(): boolean {
    const { Video, Content } = this.attendee.capabilities;
    return maySend(this.content ? Content : Video);
  }

  async take(frame: Frame): Promise<void> {
    // A client that was disconnected still sends LEAVE, and waits 15 s for the answer.
    if (this.#gone && frame.type !== FRAME.LEAVE) return;
    switch (frame.type) {
      case FRAME.PING_PONG:
        if (frame.pingPong?.type === 1) {
          this.send(FRAME.PING_PONG, { pingPong: { type: 2, pingId: frame.pingPong.pingId } });
        }
        return;
      case FRAME.JOIN:
        this.audioSessionId = String(frame.join?.audioSessionId ?? "");
        return this.call.joined(this);
      case FRAME.SUBSCRIBE:
        if (frame.sub) await this.#subscribe(frame.sub as SubscribeFrame);
        return;
      case FRAME.REMOTE_VIDEO_UPDATE:
        for (const mid of frame.remoteVideoUpdate?.removedVideoSubscriptionMids ?? []) {
          this.#peer?.show(mid, 0);
        }
        for (const { mid, streamId } of wantedVideos(frame)) this.#peer?.show(mid, streamId);
        return;
      case FRAME.AUDIO_CONTROL:
        this.muted = frame.audioControl?.muted ?? false;
        return this.call.muteChanged(this);
      case FRAME.DATA_MESSAGE:
        for (const message of frame.dataMessage?.messages ?? []) {
          this.call.relayMessage(this, message);
        }
        return;
      case FRAME.LEAVE:
        this.send(FRAME.LEAVE_ACK, { leaveAck: {} });
        return this.leave(false);
    }
  }

  closed(): void {
    this.leave(true);
  }

  send(...frame: Parameters<SignalConnection["send"]>): void {
    this.connection?.send(...frame);
  }

  sendAudio(packet: Uint8Array): void {
    this.#peer?.sendAudio(packet);
  }

  /** Sends a camera's packet to the client, if it shows that stream. */
  sendVideo(streamId: number, packet: RtpPacket): void {
    this.#peer?.sendVideo(streamId, packet);
  }

  requestKeyFrame(): void {
    this.#peer?.requestKeyFrame();
  }

  /** Loudest audio since the last call in minus dB, and signal strength from 0 to 2 (good). */
  readMeter(): { volume: number; signalStrength: number } {
    const volume = this.muted ? 127 : this.#loudest;
    // 200 ms are ten packets.
    const signalStrength = this.#packets >= 8 ? 2 : this.#packets > 0 ? 1 : 0;
    this.#loudest = 127;
    this.#packets = 0;
    return { volume, signalStrength };
  }

  /** Takes the client out of the call, once. */
  leave(dropped: boolean): void {
    if (this.#gone) return;
    this.#gone = true;
    this.path.close();
    this.#peer?.close().catch(() => {});
    this.call.left(this, dropped);
  }

  async #subscribe(sub: SubscribeFrame): Promise<void> {
    if (this.#peer === undefined) {
      this.call.takeOver(this);
      this.muted = sub.audioMuted ?? false;
      this.#peer = this.#openPeer();
    }
    const receive = (sub.receiveStreamIds ?? []).map((id) => this.call.maySee(this, id) ? id : 0);
    const { sdp, tracks } = await this.#peer.answer(sub.sdpOffer ?? "", receive);
    if (this.#gone) return;
    const wasSending = this.sending;
    const wants = sub.duplex === DUPLEX.TX || sub.duplex === DUPLEX.DUPLEX;
    this.sending = wants && this.mayShow && (wasSending || this.call.hasRoomFor(this));
    this.#readVideo(sub);
    this.send(FRAME.SUBSCRIBE_ACK, {
      suback: {
        duplex: this.sending ? DUPLEX.DUPLEX : DUPLEX.RX,
        sdpAnswer: sdp,
        tracks,
        allocations: this.sending
          ? [{ trackLabel: CAMERA_LABEL, streamId: this.streamId, groupId: this.groupId }]
          : [],
      },
    });
    if (wants && this.mayShow && !this.sending) this.call.refuseVideo(this);
    if (wasSending !== this.sending) this.#sendingChanged();
  }

  #readVideo(sub: SubscribeFrame): void {
    const sent = sub.sendStreams?.find((stream) => stream.trackLabel === CAMERA_LABEL);
    this.video = {
      width: sent?.width || this.video.width,
      height: sent?.height || this.video.height,
      framerate: sent?.framerate || this.video.framerate,
      maxBitrateKbps: sent?.maxBitrateKbps || this.video.maxBitrateKbps,
    };
  }

  #sendingChanged(): void {
    if (!this.sending) {
      // The SDK tells a restarted camera from the old one by ids that grow.
      this.streamId = this.call.nextId();
      this.groupId = this.call.nextId();
    }
    this.call.sendingChanged(this);
  }

  #openPeer(): Peer {
    return new Peer(
      {
        connected: () => {
          // Without a microphone, presence cannot wait for audio.
          if (this.content || !maySend(this.attendee.capabilities.Audio)) this.call.arrived(this);
        },
        audio: (packet, level) => {
          this.#packets += 1;
          this.#loudest = Math.min(this.#loudest, level);
          // As with Amazon's service, presence follows the first audio packet.
          if (!this.here) this.call.arrived(this);
          this.call.audio.talk(this, packet);
        },
        video: (packet) => this.call.relayVideo(this, packet),
        keyFrameNeeded: (streamId) => this.call.keyFrameNeeded(streamId),
      },
      this.path,
      this.call.dependencies.mediaHost,
    );
  }
}

function wantedVideos(frame: Frame): { mid: string; streamId: number }[] {
  const asked = frame.remoteVideoUpdate?.addedOrUpdatedVideoSubscriptions ?? [];
  return asked.map(({ mid, streamId }) => ({ mid, streamId: streamId ?? 0 }))
    .filter(({ streamId }) => streamId !== 0);
}
