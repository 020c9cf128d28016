import { RtpPacket } from "werift";

const CLOCK_RATE = 90_000;

/**
 * Turns the packets of one camera after another into one continuous stream: one SSRC (werift's
 * sender sets it), no gaps in sequence numbers and timestamps, each source from its first key frame
 * on, because a decoder cannot use anything before it.
 */
export class VideoRelay {
  #source: number | undefined;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #lastSequence: number;
  #lastTimestamp: number;
  #lastAt = 0;

  constructor(
    random: () => number,
    private readonly clock: () => number,
    private readonly needKeyFrame: () => void,
  ) {
    this.#lastSequence = Math.floor(random() * 0x7fff);
    this.#lastTimestamp = Math.floor(random() * 0x7fffffff);
  }

  /** The packet to forward, or undefined before the source's first key frame. */
  take(packet: RtpPacket): RtpPacket | undefined {
    const { ssrc, sequenceNumber, timestamp } = packet.header;
    if (ssrc !== this.#source) {
      if (!startsKeyFrame(packet.payload)) {
        this.needKeyFrame();
        return undefined;
      }
      this.#follow(packet);
    }
    const copy = packet.clone();
    copy.header.sequenceNumber = (sequenceNumber + this.#sequenceOffset) & 0xffff;
    copy.header.timestamp = (timestamp + this.#timestampOffset) >>> 0;
    // Extensions were negotiated with the sender, not with the receiver.
    copy.header.extensions = [];
    if (((copy.header.sequenceNumber - this.#lastSequence) & 0xffff) < 0x8000) {
      this.#lastSequence = copy.header.sequenceNumber;
      this.#lastTimestamp = copy.header.timestamp;
      this.#lastAt = this.clock();
    }
    return copy;
  }

  /** Forgets the source: the next packet starts a new one, even with the same SSRC. */
  restart(): void {
    this.#source = undefined;
  }

  #follow({ header }: RtpPacket): void {
    const passed = this.#lastAt === 0 ? 0 : this.clock() - this.#lastAt;
    const step = Math.max(1, Math.round(passed / 1000 * CLOCK_RATE));
    this.#source = header.ssrc;
    this.#sequenceOffset = (this.#lastSequence + 1 - header.sequenceNumber) & 0xffff;
    this.#timestampOffset = (this.#lastTimestamp + step - header.timestamp) >>> 0;
  }
}

/** Whether this is the first packet of a VP8 key frame (RFC 7741, 4.2 and 4.3). */
export function startsKeyFrame(payload: Uint8Array): boolean {
  const [first = 0, flags = 0] = payload;
  const extended = (first & 0x80) !== 0;
  let header = 1;
  if (extended) {
    header += 1;
    if ((flags & 0x80) !== 0) header += ((payload[2] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((flags & 0x40) !== 0) header += 1;
    if ((flags & 0x30) !== 0) header += 1;
  }
  const startOfFirstPartition = (first & 0x10) !== 0 && (first & 0x07) === 0;
  return startOfFirstPartition && ((payload[header] ?? 1) & 0x01) === 0;
}
