// @ts-types="npm:@types/ws@8.18.2"
import type { WebSocket } from "ws";
import { decodeFrame, encodeFrame, type Frame, type FrameBody, type FrameType } from "./frames.ts";

/** Receives what comes over a signalling connection. */
export interface ConnectionOwner {
  /** Called with each frame; the next one waits until the promise resolves. */
  take(frame: Frame): void | Promise<void>;
  /** Called once the socket has closed, for whatever reason. */
  closed(): void;
}

/** One client's signalling WebSocket: frames in order, and simulated faults. */
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

  /** Sends a frame; during a stall, later. */
  send(type: FrameType, body: FrameBody): void {
    const message = encodeFrame(type, body, this.clock());
    if (this.#stall !== undefined) this.#held.push(message);
    else if (this.socket.readyState === this.socket.OPEN) this.socket.send(message);
  }

  /** Holds all frames back, both ways; they arrive afterwards. */
  stallFor(milliseconds: number): void {
    if (this.#stall === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#stall = { over: promise, end: resolve };
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.release(), milliseconds);
  }

  release(): void {
    clearTimeout(this.#timer);
    const stall = this.#stall;
    this.#stall = undefined;
    for (const message of this.#held.splice(0)) {
      if (this.socket.readyState === this.socket.OPEN) this.socket.send(message);
    }
    stall?.end();
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

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
