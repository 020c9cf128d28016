import type { Buffer } from "node:buffer";

/** How bad a media path is. */
export interface Badness {
  /** Share of the packets that are lost, 0 to 1. */
  readonly lose: number;
  /** Milliseconds by which each packet comes late. */
  readonly delay: number;
}

const GOOD: Badness = { lose: 0, delay: 0 };

/** The parts of werift's ICE connection that carry packets. */
interface Wire {
  send(data: Buffer): Promise<void>;
  readonly onData: { execute: (data: Buffer) => void };
}

/**
 * The path between a browser and the stand-in. It loses and delays whole packets under the
 * encryption, both ways, so that everything above sees what a bad network makes of a call.
 */
export class NetworkPath {
  #badness = GOOD;
  #deaf = false;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(private readonly random: () => number) {}

  /** True while nothing gets through; ICE's own checks are not answered then either. */
  get deaf(): boolean {
    return this.#deaf;
  }

  /** Lets nothing through for a while. */
  deafFor(milliseconds: number): void {
    this.#deaf = true;
    this.#later(milliseconds, () => this.#deaf = false);
  }

  /** Makes the path bad, for good or for a while. */
  spoil(badness: Badness, milliseconds?: number): void {
    this.#badness = badness;
    if (milliseconds !== undefined) this.#later(milliseconds, () => this.#badness = GOOD);
  }

  /** Makes the path good again. */
  mend(): void {
    this.#deaf = false;
    this.#badness = GOOD;
  }

  /** Lets go of everything that is under way. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Puts this path under a connection. */
  carry(wire: Wire): void {
    const send = wire.send.bind(wire);
    wire.send = (data) => {
      this.#pass(() => void send(data).catch(() => {}));
      return Promise.resolve();
    };
    const receive = wire.onData.execute;
    wire.onData.execute = (data) => this.#pass(() => receive(data));
  }

  #pass(go: () => void): void {
    const { lose, delay } = this.#badness;
    if (this.#deaf || (lose > 0 && this.random() < lose)) return;
    if (delay > 0) this.#later(delay, go);
    else go();
  }

  #later(milliseconds: number, go: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      go();
    }, milliseconds);
    this.#timers.add(timer);
  }
}
