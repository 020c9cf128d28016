import protocol from "amazon-chime-sdk-js/build/signalingprotocol/SignalingProtocol.js";
import type {
  ISdkSignalFrame,
  SdkSignalFrame,
} from "amazon-chime-sdk-js/build/signalingprotocol/SignalingProtocol.js";

export type Frame = SdkSignalFrame;
export type FrameBody = Partial<Omit<ISdkSignalFrame, "type" | "timestampMs">>;
export const FRAME = protocol.SdkSignalFrame.Type;
export type FrameType = SdkSignalFrame["type"];

const FIRST_BYTE = 0x05;

/** Reads a WebSocket message; throws for one that is not a frame. */
export function decodeFrame(message: Uint8Array): Frame {
  if (message[0] !== FIRST_BYTE) throw new TypeError(`Cannot read a frame of kind ${message[0]}`);
  return protocol.SdkSignalFrame.decode(message.subarray(1));
}

/** Writes a WebSocket message; `now` in milliseconds. */
export function encodeFrame(type: FrameType, body: FrameBody, now: number): Uint8Array {
  const frame = protocol.SdkSignalFrame.fromObject({ timestampMs: now, type, ...body });
  const bytes = protocol.SdkSignalFrame.encode(frame).finish();
  const message = new Uint8Array(bytes.length + 1);
  message[0] = FIRST_BYTE;
  message.set(bytes, 1);
  return message;
}
