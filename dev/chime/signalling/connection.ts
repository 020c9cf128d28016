// @ts-types="npm:@types/ws@8.18.2"
import type { WebSocket } from "ws";
import { decodeFrame, encodeFrame, type Frame, type FrameBody, type FrameType } from "./frames.ts";

/** Who takes what comes over a signalling connection. */
export interface ConnectionOwner {
  /** A frame came; the next one waits until this one is done with. */
  take(frame: Frame): void | Promise<void>;
  /** The socket is gone, for whatever reason. */
  closed(): void;
}

/** One client's signalling WebSocket: frames in their order, and the faults of a bad line. */
export class SignalConnection {
  #queue: Promise<void> = Promise.resolve();
  #held: Uint8Array[] = [];
  #stall: { over: Promise<void>; end: () => void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly owner: ConnectionOwner,
    private readonly clock: () => number,
  ) {
    socket.binaryType = "nodebuffer";
    socket.on("message", (message: Uint8Array) => this.#receive(message));
    socket.on("error", () => {});
    socket.on("close", () => this.#lost());
  }

  /** True until the socket is gone. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends a frame, later if the line is stalled. */
  send(type: FrameType, body: FrameBody): void {
    const message = encodeFrame(type, body, this.clock());
    if (this.#stall !== undefined) this.#held.push(message);
    else if (this.socket.readyState === this.socket.OPEN) this.socket.send(message);
  }

  /** Holds all frames back, both ways, as a line that has gone silent; they come afterwards. */
  stallFor(milliseconds: number): void {
    if (this.#stall === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#stall = { over: promise, end: resolve };
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.release(), milliseconds);
  }

  /** Ends a stall now. */
  release(): void {
    clearTimeout(this.#timer);
    const stall = this.#stall;
    this.#stall = undefined;
    for (const message of this.#held.splice(0)) {
      if (this.socket.readyState === this.socket.OPEN) this.socket.send(message);
    }
    stall?.end();
  }

  /** Closes with a code that the SDK reads. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Breaks the connection without a closing frame. */
  drop(): void {
    this.socket.terminate();
  }

  #receive(message: Uint8Array): void {
    this.#queue = this.#queue.then(async () => {
      await this.#stall?.over;
      if (this.#isOpen) await this.owner.take(decodeFrame(message));
    }).catch(() => this.close(4400, "Cannot read frame"));
  }

  #lost(): void {
    this.#isOpen = false;
    this.release();
    this.owner.closed();
  }
}
