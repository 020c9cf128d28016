import {
  MediaStreamTrack,
  PictureLossIndication,
  type RTCPeerConnection,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  type RTCRtpTransceiver,
  RtpHeader,
  RtpPacket,
} from "werift";
import { openConnection } from "./connection.ts";
import { ignoreRepeatedHandshakes } from "./dtls_guard.ts";
import type { NetworkPath, Wire } from "./network_path.ts";
import { feedable, mendAnswer, readSections, type Section, trackLabel } from "./sdp.ts";
import { VideoRelay } from "./video_relay.ts";

interface PeerEvents {
  /** ICE and DTLS are done. */
  connected(): void;
  /** An Opus packet; `level` is minus dB, 0 (loud) to 127 (silent). */
  audio(packet: Uint8Array, level: number): void;
  video(packet: RtpPacket): void;
  /** The receiver of this stream cannot decode it until its source sends a key frame. */
  keyFrameNeeded(streamId: number): void;
}

/** Which remote stream a media section carries, for SUBSCRIBE_ACK. */
interface TrackMapping {
  readonly streamId: number;
  readonly ssrc: number;
  readonly trackLabel: string;
}

interface Downlink {
  streamId: number;
  readonly transceiver: RTCRtpTransceiver;
  readonly track: MediaStreamTrack;
  readonly relay: VideoRelay;
}

const AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
const SAMPLES_PER_PACKET = 960;
const OPUS = 111;

/** The media connection of one client. */
export class Peer {
  readonly #connection: RTCPeerConnection;
  readonly #downlinks = new Map<string, Downlink>();
  readonly #subscribed = new WeakSet<MediaStreamTrack>();
  readonly #prepared = new WeakSet<object>();
  readonly #audioOut = new MediaStreamTrack({ kind: "audio" });
  #audioSequence = Math.floor(Math.random() * 0x7fff);
  #audioTimestamp = Math.floor(Math.random() * 0x7fffffff);
  #camera: { transceiver: RTCRtpTransceiver; ssrc: number } | undefined;

  constructor(
    private readonly events: PeerEvents,
    private readonly path: NetworkPath,
    mediaHost: string,
  ) {
    this.#connection = openConnection(mediaHost);
    this.#connection.connectionStateChange.subscribe((state) => {
      if (state === "connected") this.events.connected();
    });
  }

  /**
   * Answers an offer.
   * @param receive stream ids in the order of the offer's video sections, 0 for none
   */
  async answer(offer: string, receive: readonly number[]) {
    const sections = readSections(offer);
    await this.#connection.setRemoteDescription({ type: "offer", sdp: feedable(offer) });
    const tracks = await this.#arrange(sections, receive);
    this.#prepareTransports();
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    if (this.#connection.iceGatheringState !== "complete") {
      await this.#connection.iceGatheringStateChange.watch((state) => state === "complete");
    }
    this.#carry();
    const sdp = this.#connection.localDescription?.sdp ?? "";
    for (const { streamId } of tracks) this.events.keyFrameNeeded(streamId);
    return { sdp: mendAnswer(sdp, sections), tracks };
  }

  sendAudio(packet: Uint8Array): void {
    this.#audioSequence = (this.#audioSequence + 1) & 0xffff;
    this.#audioTimestamp = (this.#audioTimestamp + SAMPLES_PER_PACKET) >>> 0;
    const header = new RtpHeader({
      payloadType: OPUS,
      sequenceNumber: this.#audioSequence,
      timestamp: this.#audioTimestamp,
    });
    this.#audioOut.writeRtp(new RtpPacket(header, Buffer.from(packet)));
  }

  /** Sends a camera's packet to every section that shows this stream. */
  sendVideo(streamId: number, packet: RtpPacket): void {
    // A key frame that is sent too early is lost, and the relay would take it for delivered.
    if (this.#connection.connectionState !== "connected") return;
    for (const downlink of this.#downlinks.values()) {
      if (downlink.streamId !== streamId) continue;
      const relayed = downlink.relay.take(packet);
      if (relayed !== undefined) downlink.track.writeRtp(relayed);
    }
  }

  /** Switches a section to another stream, without a new offer; 0 is none. */
  show(mid: string, streamId: number): void {
    const downlink = this.#downlinks.get(mid);
    if (downlink === undefined || downlink.streamId === streamId) return;
    downlink.streamId = streamId;
    downlink.relay.restart();
    if (streamId !== 0) this.events.keyFrameNeeded(streamId);
  }

  requestKeyFrame(): void {
    if (this.#camera === undefined || this.#camera.ssrc === 0) return;
    this.#camera.transceiver.receiver.sendRtcpPLI(this.#camera.ssrc).catch(() => {});
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Gives each section its direction and track; returns which stream each section shows. */
  async #arrange(
    sections: readonly Section[],
    receive: readonly number[],
  ): Promise<TrackMapping[]> {
    const tracks: TrackMapping[] = [];
    let video = -1;
    for (const section of sections) {
      if (section.kind === "video") video += 1;
      const transceiver = this.#connection.getTransceivers()
        .find((one) => one.mid === section.mid);
      if (transceiver === undefined) continue;
      const streamId = receive[video] ?? 0;
      if (section.rejected) this.#downlinks.delete(section.mid);
      else if (section.kind === "audio") await this.#arrangeAudio(transceiver);
      else if (section.direction === "recvonly" && streamId !== 0) {
        tracks.push(await this.#arrangeDownlink(section, transceiver, streamId));
      } else this.#arrangeUplink(section, transceiver);
    }
    return tracks;
  }

  async #arrangeAudio(transceiver: RTCRtpTransceiver): Promise<void> {
    transceiver.setDirection("sendrecv");
    if (transceiver.sender.track !== this.#audioOut) {
      await transceiver.sender.replaceTrack(this.#audioOut);
    }
    this.#onPackets(transceiver, (packet, extensions) => {
      const level = extensions[AUDIO_LEVEL] as { level?: number } | undefined;
      this.events.audio(packet.payload, level?.level ?? 127);
    });
  }

  #arrangeUplink(section: Section, transceiver: RTCRtpTransceiver): void {
    transceiver.setDirection("recvonly");
    this.#downlinks.delete(section.mid);
    if (!["sendrecv", "sendonly"].includes(section.direction)) return;
    if (this.#camera?.transceiver !== transceiver) this.#camera = { transceiver, ssrc: 0 };
    const camera = this.#camera;
    this.#onPackets(transceiver, (packet) => {
      camera.ssrc = packet.header.ssrc;
      this.events.video(packet);
    });
  }

  async #arrangeDownlink(
    { mid, kind }: Section,
    transceiver: RTCRtpTransceiver,
    streamId: number,
  ): Promise<TrackMapping> {
    if (this.#downlinks.get(mid)?.transceiver !== transceiver) {
      await this.#openDownlink(mid, transceiver, streamId);
    }
    this.show(mid, streamId);
    return { streamId, ssrc: transceiver.sender.ssrc, trackLabel: trackLabel(kind, mid) };
  }

  async #openDownlink(mid: string, transceiver: RTCRtpTransceiver, streamId: number) {
    const track = new MediaStreamTrack({ kind: "video" });
    transceiver.setDirection("sendonly");
    await transceiver.sender.replaceTrack(track);
    const needKeyFrame = () => this.events.keyFrameNeeded(downlink.streamId);
    const relay = new VideoRelay(Math.random, Date.now, needKeyFrame);
    const downlink: Downlink = { streamId, transceiver, track, relay };
    this.#downlinks.set(mid, downlink);
  }

  #onPackets(
    transceiver: RTCRtpTransceiver,
    take: (packet: RtpPacket, extensions: Record<string, unknown>) => void,
  ): void {
    const hook = (track: MediaStreamTrack) => {
      if (this.#subscribed.has(track)) return;
      this.#subscribed.add(track);
      track.onReceiveRtp.subscribe((packet, extensions) => take(packet, extensions ?? {}));
    };
    transceiver.onTrack.subscribe(hook);
    for (const track of transceiver.receiver.tracks) hook(track);
  }

  #prepareTransports(): void {
    for (const transport of this.#connection.dtlsTransports) {
      if (this.#prepared.has(transport)) continue;
      this.#prepared.add(transport);
      ignoreRepeatedHandshakes(transport);
      transport.onRtcp.subscribe((packet) => this.#readFeedback(packet));
    }
  }

  /** Routes the sockets over the path; they exist once candidates have been gathered. */
  #carry(): void {
    for (const { iceTransport } of this.#connection.dtlsTransports) {
      // Private in werift; its public events do not show ICE's own packets.
      const { protocols } = iceTransport.connection as unknown as {
        readonly protocols: readonly { readonly transport: Wire }[];
      };
      for (const { transport } of protocols) this.path.carry(transport);
    }
  }

  /**
   * Picture loss is read here and not from werift's sender: werift passes it to the owner of the
   * *sender* SSRC of the report, which is the client's own camera once it has one.
   */
  #readFeedback(packet: RtcpPacket): void {
    if (!(packet instanceof RtcpPayloadSpecificFeedback)) return;
    if (!(packet.feedback instanceof PictureLossIndication)) return;
    const { mediaSsrc } = packet.feedback;
    for (const { transceiver, streamId } of this.#downlinks.values()) {
      if (transceiver.sender.ssrc === mediaSsrc) this.events.keyFrameNeeded(streamId);
    }
  }
}
