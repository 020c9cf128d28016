/** Short, soft tones. They are made with Web Audio, so that no file has to be loaded. */
import { createAudioContext } from "./audio_context.ts";

/** Frequencies in Hz, one after the other: a chord for the test, two steps up for everything else. */
const TONES = {
  test: [523, 659, 784, 1047],
  start: [523, 659, 784],
  arrival: [659, 880],
} as const;

/** What the tone is for: the speaker test, the start of a visit, or somebody who joins the call. */
export type ToneName = keyof typeof TONES;

export interface Tones {
  /**
   * Plays a tone. Never throws.
   * @returns whether it is played; false where the page may not make sounds yet
   */
  play(name: ToneName): Promise<boolean>;
}

const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.2;
/** A tone that may only start later than this is not played: it would be for something long past. */
const PATIENCE_MS = 1_000;

/** Adds a note to the graph, which fades in and out because an abrupt start or end clicks. */
function addNote(context: AudioContext, hertz: number, at: number): OscillatorNode {
  const note = context.createOscillator();
  const volume = context.createGain();
  note.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 2 * NOTE_SECONDS);
  note.connect(volume);
  volume.connect(context.destination);
  note.start(at);
  note.stop(at + 2 * NOTE_SECONDS);
  return note;
}

/**
 * Browsers allow sound after the first tap or key, so the context is started then. In between it is
 * suspended, which saves battery.
 * @param target where taps and keys are heard, for example the document
 */
export function createTones(
  target: Pick<EventTarget, "addEventListener" | "removeEventListener">,
  create: () => AudioContext = createAudioContext,
  now: () => number = () => performance.now(),
): Tones {
  let context: AudioContext | undefined;
  let playing = 0;
  const rest = () => {
    if (playing === 0) context?.suspend().catch(() => undefined);
  };
  const unlock = () => {
    for (const event of ["click", "keydown"]) target.removeEventListener(event, unlock, true);
    try {
      context ??= create();
      context.resume().then(rest, () => undefined);
    } catch {
      // Tones are optional.
    }
  };
  for (const event of ["click", "keydown"]) target.addEventListener(event, unlock, true);

  return {
    async play(name) {
      try {
        const asked = now();
        const audio = context ??= create();
        playing++;
        // Stays pending while sound is not allowed.
        await audio.resume().finally(() => playing--);
        if (audio.state !== "running" || now() - asked > PATIENCE_MS) {
          rest();
          return false;
        }
        playing++;
        const notes = TONES[name].map((hertz, index) =>
          addNote(audio, hertz, audio.currentTime + 0.05 + index * NOTE_SECONDS)
        );
        notes[notes.length - 1]?.addEventListener("ended", () => {
          playing--;
          rest();
        });
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Decides who is greeted with a tone. */
export interface Arrivals {
  /** A call has started; people who are in it already come within the next seconds. */
  started(): void;
  /** Somebody joined; the id stays the same when they reconnect. */
  joined(id: string): void;
}

const SETTLING_MS = 3_000;
const PAUSE_MS = 5_000;

/**
 * Each person is greeted once. Nobody is greeted who was there before, or within five seconds of
 * somebody else, so that a group does not ring like a doorbell.
 * @param greet plays the tone
 * @param now milliseconds
 */
export function createArrivals(greet: () => void, now: () => number): Arrivals {
  const known = new Set<string>();
  let quietUntil = Infinity;
  return {
    started() {
      quietUntil = now() + SETTLING_MS;
    },
    joined(id) {
      if (known.has(id)) return;
      known.add(id);
      if (now() < quietUntil) return;
      quietUntil = now() + PAUSE_MS;
      greet();
    },
  };
}
