/// <reference lib="dom" />
import type { OpenStream } from "../../client/media/devices.ts";

/** Streams and permission prompts without a browser. */

/** One microphone or camera that is open. */
export class FakeTrack extends EventTarget {
  readyState = "live";
  enabled = true;
  muted = false;
  label = "";
  deviceId = "";
  /** How many listeners it has. */
  listeners = 0;
  constructor(readonly kind: "audio" | "video") {
    super();
  }
  override addEventListener(...given: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners++;
    super.addEventListener(...given);
  }
  override removeEventListener(...given: Parameters<EventTarget["removeEventListener"]>): void {
    this.listeners--;
    super.removeEventListener(...given);
  }
  stop = () => void (this.readyState = "ended");
  getSettings = () => ({ facingMode: "user", deviceId: this.deviceId });
  /** The system mutes or unmutes it. */
  mute(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }
  /** It is unplugged, or its permission is revoked. */
  end(): void {
    this.stop();
    this.dispatchEvent(new Event("ended"));
  }
}

/** What a granted prompt returns. */
export class FakeStream {
  constructor(private readonly tracks: readonly FakeTrack[]) {}
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === "audio");
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === "video");
}
Object.assign(globalThis, { MediaStream: FakeStream });

/** Lets everything run that is ready. */
export const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

/** How a prompt is answered: with a device, or with the name of an error. */
export interface Answer {
  readonly label?: string;
  readonly deviceId?: string;
  readonly error?: string;
}

/** Devices whose prompts the test answers, oldest first. */
export function devices() {
  const opened: FakeTrack[] = [];
  const prompts: ((answer: Answer) => void)[] = [];
  const open: OpenStream = ({ audio }) =>
    new Promise((resolve, reject) =>
      prompts.push((answer) => {
        if (answer.error !== undefined) return reject(new DOMException("", answer.error));
        const track = new FakeTrack(audio ? "audio" : "video");
        Object.assign(track, answer);
        opened.push(track);
        resolve(new FakeStream([track]) as unknown as MediaStream);
      })
    );
  const answer = async (how: Answer = {}) => {
    await settle();
    prompts.shift()?.(how);
    await settle();
  };
  return { open, opened, answer, states: () => opened.map(({ readyState }) => readyState) };
}
