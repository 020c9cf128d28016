import { mayReceive, maySend } from "../control/capabilities.ts";
import { startMetronome } from "../media/metronome.ts";
import { Mixer } from "../media/mixer.ts";
import type { Participant } from "./participant.ts";

const BEAT_MS = 20;
/** Volume and line quality are told five times a second. */
const BEATS_PER_METER = 10;

/** The sound of one call: who is heard by whom, and the beat that it is played at. */
export class Sound {
  readonly #mixer = new Mixer();
  #stopBeat: (() => void) | undefined;
  #beats = 0;

  /** @param meter called five times a second while there is somebody to tell */
  constructor(private readonly meter: () => void) {}

  /** A participant is here and listens, if their capabilities let them. */
  open(participant: Participant): void {
    this.#mixer.unlisten(participant.id);
    if (!participant.content && mayReceive(participant.attendee.capabilities.Audio)) {
      this.#mixer.listen(participant.id, (packet) => participant.hear(packet));
    }
    this.#stopBeat ??= startMetronome(BEAT_MS, () => this.#beat());
  }

  /** A participant is gone; if the same attendee is back already, that one goes on listening. */
  close({ id }: Participant, isBack: boolean): void {
    this.#mixer.hush(id);
    if (!isBack) this.#mixer.unlisten(id);
  }

  /** A participant's Opus packet, for everybody else. */
  talk({ attendee, muted, id }: Participant, packet: Uint8Array): void {
    if (muted || !maySend(attendee.capabilities.Audio)) return;
    this.#mixer.talk(id, attendee.attendeeId, packet);
  }

  /** Drops what is left to play of a participant. */
  hush({ id }: Participant): void {
    this.#mixer.hush(id);
  }

  /** Nobody is left. */
  rest(): void {
    this.#stopBeat?.();
    this.#stopBeat = undefined;
  }

  #beat(): void {
    this.#mixer.tick();
    this.#beats += 1;
    if (this.#beats % BEATS_PER_METER === 0) this.meter();
  }
}
