import type { Buffer } from "node:buffer";
import { type Badness, type Lane, Link, REAL_TIME, type Timing } from "./link.ts";

const GOOD: Badness = { lose: 0, delay: 0 };

/** The parts of a UDP socket of werift's that carry packets. */
export interface Wire {
  send(data: Buffer, to?: readonly [string, number]): Promise<void>;
  onData(data: Buffer, from: readonly [string, number]): void;
}

/**
 * The path between a browser and the stand-in. It loses, delays and holds back whole UDP packets,
 * media and ICE's own checks alike, both ways, so that everything above sees what a bad network
 * makes of a call.
 */
export class NetworkPath {
  #badness = GOOD;
  #deaf = false;
  #closed = false;
  #hearing = () => {};
  #mending = () => {};
  readonly #carried = new WeakSet<Wire>();

  /** @param link shared by all paths of one phone */
  constructor(
    private readonly random: () => number,
    private readonly link: Link = new Link(),
    private readonly timing: Timing = REAL_TIME,
  ) {}

  /** Lets nothing through for a while; what is under way is lost. */
  deafFor(milliseconds: number): void {
    if (this.#closed) return;
    this.#deaf = true;
    this.#drop();
    this.#hearing();
    this.#hearing = this.timing.after(milliseconds, () => this.#deaf = false);
  }

  /** Makes the path bad, for good or for a while. */
  spoil(badness: Badness, milliseconds?: number): void {
    if (this.#closed) return;
    this.#mending();
    this.#mending = () => {};
    this.#badness = badness;
    if (milliseconds !== undefined) {
      this.#mending = this.timing.after(milliseconds, () => this.#improve());
    }
  }

  /** Makes the path good again; what still waits arrives at once. */
  mend(): void {
    this.#hearing();
    this.#deaf = false;
    this.#improve();
  }

  /** Lets go of everything that is under way. */
  close(): void {
    this.#closed = true;
    this.#hearing();
    this.#mending();
    this.#drop();
  }

  /** Puts this path under a socket, once. */
  carry(wire: Wire): void {
    if (this.#carried.has(wire)) return;
    this.#carried.add(wire);
    const send = wire.send.bind(wire);
    wire.send = (data, to) => {
      this.#pass(this.link.down, data, () => void send(data, to).catch(() => {}));
      return Promise.resolve();
    };
    const receive = wire.onData.bind(wire);
    wire.onData = (data, from) => this.#pass(this.link.up, data, () => receive(data, from));
  }

  #pass(lane: Lane, { length }: Buffer, go: () => void): void {
    if (this.#deaf) return;
    // The last goodbye: nobody is left who would call off what waits.
    if (this.#closed) return go();
    const { lose } = this.#badness;
    const lost = lose > 0 && this.random() < lose;
    lane.pass(length, this.#badness, this, lost ? () => {} : go);
  }

  #improve(): void {
    this.#mending();
    this.#mending = () => {};
    this.#badness = GOOD;
    this.link.up.release(this);
    this.link.down.release(this);
  }

  #drop(): void {
    this.link.up.drop(this);
    this.link.down.drop(this);
  }
}
