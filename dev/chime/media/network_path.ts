import type { Buffer } from "node:buffer";
import {
  AccessLink,
  type Impairment,
  type LinkDirection,
  REAL_TIME,
  type Timing,
} from "./access_link.ts";

const UNIMPAIRED: Impairment = { lose: 0, delay: 0 };

/** The two methods of werift's UDP socket that carry packets. */
export interface Wire {
  send(data: Buffer, to?: readonly [string, number]): Promise<void>;
  onData(data: Buffer, from: readonly [string, number]): void;
}

/**
 * The path between a browser and the stand-in. It loses, delays and queues whole UDP packets both
 * ways, ICE checks included, so that everything above it sees a bad network.
 */
export class NetworkPath {
  #impairment = UNIMPAIRED;
  #deaf = false;
  #closed = false;
  #cancelDeaf = () => {};
  #cancelRepair = () => {};
  readonly #carried = new WeakSet<Wire>();

  /** @param link shared by all paths of one phone */
  constructor(
    private readonly random: () => number,
    private readonly link: AccessLink = new AccessLink(),
    private readonly timing: Timing = REAL_TIME,
  ) {}

  /** Lets nothing through for a while; packets on the way are lost. */
  deafFor(milliseconds: number): void {
    if (this.#closed) return;
    this.#deaf = true;
    this.#drop();
    this.#cancelDeaf();
    this.#cancelDeaf = this.timing.after(milliseconds, () => this.#deaf = false);
  }

  /** Impairs the path for a while, or until it is restored. */
  impair(impairment: Impairment, milliseconds?: number): void {
    if (this.#closed) return;
    this.#cancelRepair();
    this.#impairment = impairment;
    this.#cancelRepair = milliseconds === undefined
      ? () => {}
      : this.timing.after(milliseconds, () => this.#repair());
  }

  /** Ends every impairment; queued packets arrive at once. */
  restore(): void {
    this.#cancelDeaf();
    this.#deaf = false;
    this.#repair();
  }

  close(): void {
    this.#closed = true;
    this.#cancelDeaf();
    this.#cancelRepair();
    this.#drop();
  }

  /** Routes a socket's packets over this path. */
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

  #pass(direction: LinkDirection, { length }: Buffer, go: () => void): void {
    if (this.#deaf) return;
    // After closing nothing would cancel a queued packet, so it is sent at once.
    if (this.#closed) return go();
    const { lose } = this.#impairment;
    const lost = lose > 0 && this.random() < lose;
    direction.pass(length, this.#impairment, this, lost ? () => {} : go);
  }

  #repair(): void {
    this.#cancelRepair();
    this.#impairment = UNIMPAIRED;
    this.link.up.release(this);
    this.link.down.release(this);
  }

  #drop(): void {
    this.link.up.drop(this);
    this.link.down.drop(this);
  }
}
