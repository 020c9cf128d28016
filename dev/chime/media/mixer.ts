import { Decoder, Encoder } from "@evan/opus";

/** Samples of 20 ms at 48 kHz, one channel. */
const FRAME = 960;
/** Frames that are buffered for a talker at most (200 ms); then the oldest are dropped. */
const MOST_WAITING = 10;
/** Frames that are buffered before a talker is mixed, so that late packets leave no gaps. */
const HEAD_START = 2;

interface Talker {
  /** The listener who does not hear this talker. */
  readonly owner: string;
  readonly decoder: Decoder;
  waiting: Int16Array[];
  speaking: boolean;
}

type TalkerFrame = Pick<Talker, "owner"> & { readonly frame: Int16Array };

interface Listener {
  readonly encoder: Encoder;
  readonly send: (packet: Uint8Array) => void;
}

/**
 * Mixes a meeting's audio as Amazon Chime's media service does: each client receives one stream with
 * everybody but itself. Opus is decoded for each talker and encoded for each listener, every 20 ms.
 */
export class Mixer {
  readonly #talkers = new Map<string, Talker>();
  readonly #listeners = new Map<string, Listener>();

  listen(id: string, send: (packet: Uint8Array) => void): void {
    const encoder = new Encoder({ channels: 1, sample_rate: 48_000, application: "voip" });
    encoder.bitrate = 32_000;
    encoder.complexity = 5;
    this.#listeners.set(id, { encoder, send });
  }

  /** Takes an Opus packet of a talker; `owner` is the listener who does not hear it. */
  talk(id: string, owner: string, packet: Uint8Array): void {
    let talker = this.#talkers.get(id);
    if (talker === undefined) {
      talker = {
        owner,
        decoder: new Decoder({ channels: 1, sample_rate: 48_000 }),
        waiting: [],
        speaking: false,
      };
      this.#talkers.set(id, talker);
    }
    const pcm = decode(talker.decoder, packet);
    for (let at = 0; at + FRAME <= pcm.length; at += FRAME) {
      talker.waiting.push(pcm.slice(at, at + FRAME));
    }
    if (talker.waiting.length >= HEAD_START) talker.speaking = true;
    if (talker.waiting.length > MOST_WAITING) talker.waiting.splice(0, HEAD_START);
  }

  silence(id: string): void {
    this.#talkers.delete(id);
  }

  unlisten(id: string): void {
    this.#listeners.delete(id);
  }

  /** Gives every listener the next 20 ms. */
  tick(): void {
    const frames: TalkerFrame[] = [];
    for (const talker of this.#talkers.values()) {
      if (!talker.speaking) continue;
      const frame = talker.waiting.shift();
      if (frame === undefined) talker.speaking = false;
      else frames.push({ owner: talker.owner, frame });
    }
    for (const [id, listener] of this.#listeners) {
      listener.send(listener.encoder.encode(mix(frames, id)));
    }
  }
}

/** Samples of a packet; none where it is not Opus. */
function decode(decoder: Decoder, packet: Uint8Array): Int16Array {
  try {
    const bytes = decoder.decode(packet);
    return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  } catch {
    return new Int16Array(0);
  }
}

/** Adds up everybody but the listener; clips what is too loud. */
function mix(frames: readonly TalkerFrame[], listener: string): Int16Array {
  const sum = new Int32Array(FRAME);
  for (const { owner, frame } of frames) {
    if (owner === listener) continue;
    for (let i = 0; i < FRAME; i++) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0);
  }
  return Int16Array.from(sum, (sample) => Math.max(-32_768, Math.min(32_767, sample)));
}
