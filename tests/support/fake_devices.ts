/// <reference lib="dom" />
import type { OpenStream } from "../../client/media/devices.ts";

/** Streams and permission prompts without a browser. */

/** One microphone or camera that is open. */
export class FakeTrack extends EventTarget {
  readyState = "live";
  enabled = true;
  muted = false;
  constructor(readonly kind: "audio" | "video") {
    super();
  }
  stop = () => void (this.readyState = "ended");
  getSettings = () => ({ facingMode: "user" });
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

/** Devices whose prompts the test answers, oldest first. */
export function devices() {
  const opened: FakeTrack[] = [];
  const prompts: (() => void)[] = [];
  const open: OpenStream = ({ audio }) =>
    new Promise((resolve) =>
      prompts.push(() => {
        const track = new FakeTrack(audio ? "audio" : "video");
        opened.push(track);
        resolve(new FakeStream([track]) as unknown as MediaStream);
      })
    );
  const answer = async () => {
    await settle();
    prompts.shift()?.();
    await settle();
  };
  return { open, opened, answer, states: () => opened.map(({ readyState }) => readyState) };
}
