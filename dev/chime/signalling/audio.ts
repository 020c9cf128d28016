import { mayReceive, maySend } from "../control/capabilities.ts";
import { startFixedRateTimer } from "../media/fixed_rate_timer.ts";
import { Mixer } from "../media/mixer.ts";
import type { Participant } from "./participant.ts";

const PACKET_MS = 20;
/** Volume and signal strength are reported five times a second. */
const TICKS_PER_METER = 10;

/** The audio of one call, mixed every 20 ms. */
export class CallAudio {
  readonly #mixer = new Mixer();
  #stopTimer: (() => void) | undefined;
  #ticks = 0;

  /** @param meter called five times a second while somebody is in the call */
  constructor(private readonly meter: () => void) {}

  /** A participant listens from now on, if their capabilities allow it. */
  open(participant: Participant): void {
    this.#mixer.unlisten(participant.id);
    if (!participant.content && mayReceive(participant.attendee.capabilities.Audio)) {
      this.#mixer.listen(participant.id, (packet) => participant.sendAudio(packet));
    }
    this.#stopTimer ??= startFixedRateTimer(PACKET_MS, () => this.#tick());
  }

  /** A participant has left; if the same attendee is already back, they keep listening. */
  close({ id }: Participant, isBack: boolean): void {
    this.#mixer.silence(id);
    if (!isBack) this.#mixer.unlisten(id);
  }

  talk({ attendee, muted, id }: Participant, packet: Uint8Array): void {
    if (muted || !maySend(attendee.capabilities.Audio)) return;
    this.#mixer.talk(id, attendee.attendeeId, packet);
  }

  silence({ id }: Participant): void {
    this.#mixer.silence(id);
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #tick(): void {
    this.#mixer.tick();
    this.#ticks += 1;
    if (this.#ticks % TICKS_PER_METER === 0) this.meter();
  }
}
