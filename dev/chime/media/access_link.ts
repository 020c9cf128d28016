export interface Impairment {
  /** Share of the packets that are lost, 0 to 1. A lost packet still takes time on the link. */
  readonly lose: number;
  /** Milliseconds that each packet is under way, one way. */
  readonly delay: number;
  /** Capacity each way in kbit/s, IP and UDP headers included; unlimited by default. */
  readonly kbps?: number | undefined;
  /** The longest that a packet may wait in the queue, in ms; {@link QUEUE_MS} by default. */
  readonly queue?: number | undefined;
}

/**
 * Length of the queue before a narrow link, in milliseconds. RFC 8867 tests real-time media with 300
 * ms; a phone's bearer holds more rather than less (over a second was measured on 3G). At 150 kbps,
 * 400 ms are 7.5 kB: six full packets.
 */
export const QUEUE_MS = 400;

const IP_AND_UDP_HEADERS = 28;

export interface Timing {
  now(): number;
  /** Calls `run` once, later; returns a function that cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

export const REAL_TIME: Timing = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Waiting {
  /** When it arrives, if those before it have. */
  readonly at: number;
  readonly owner: object;
  readonly go: () => void;
}

/** One direction of a link: a first-in, first-out queue. */
export class LinkDirection {
  #waiting: Waiting[] = [];
  /** When the last packet will have been sent. */
  #freeAt = 0;
  #disarm = () => {};

  constructor(private readonly timing: Timing) {}

  /** Takes a packet; `go` is called when it arrives, or never if the queue is full. */
  pass(
    bytes: number,
    { kbps, queue = QUEUE_MS, delay }: Impairment,
    owner: object,
    go: () => void,
  ): void {
    if (kbps === undefined && delay === 0 && this.#waiting.length === 0) return go();
    const now = this.timing.now();
    let sent = now;
    if (kbps !== undefined) {
      const start = Math.max(now, this.#freeAt);
      if (start - now > queue) return;
      sent = this.#freeAt = start + (bytes + IP_AND_UDP_HEADERS) * 8 / kbps;
    }
    this.#waiting.push({ at: sent + delay, owner, go });
    if (this.#waiting.length === 1) this.#arm();
  }

  /** Delivers all of this owner's packets now. */
  release(owner: object): void {
    const mine = this.#waiting.filter((one) => one.owner === owner);
    this.drop(owner);
    for (const { go } of mine) go();
  }

  drop(owner: object): void {
    this.#waiting = this.#waiting.filter((one) => one.owner !== owner);
    if (this.#waiting.length === 0) this.#freeAt = 0;
    this.#arm();
  }

  #arm(): void {
    this.#disarm();
    const [head] = this.#waiting;
    this.#disarm = head === undefined
      ? () => {}
      : this.timing.after(Math.max(0, head.at - this.timing.now()), () => this.#arrive());
  }

  #arrive(): void {
    const now = this.timing.now();
    const due = this.#waiting.findIndex(({ at }) => at > now);
    const here = this.#waiting.splice(0, due === -1 ? this.#waiting.length : due);
    this.#arm();
    for (const { go } of here) go();
  }
}

/** A phone's connection to the internet, shared by its camera and its content share. */
export class AccessLink {
  readonly up: LinkDirection;
  readonly down: LinkDirection;

  constructor(timing: Timing = REAL_TIME) {
    this.up = new LinkDirection(timing);
    this.down = new LinkDirection(timing);
  }
}
