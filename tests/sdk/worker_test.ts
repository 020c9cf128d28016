import assert from "node:assert/strict";
import vm from "node:vm";
import { minifyWorkerText, workerProgram } from "../../sdk/cuts/worker_text.ts";
import * as esbuild from "esbuild";
import { readSdk } from "./support.ts";
import { createRandom } from "../support/random.ts";

const PATH = "build/encodedtransformworkercode/EncodedTransformWorkerCode.js";
const source = await readSdk(PATH);
const minified = await minifyWorkerText(source);
await esbuild.stop();

/** Runs the worker's program with twelve seconds of audio, and returns everything it sent. */
function runWorker(program: string): unknown[] {
  const said: unknown[] = [];
  const self: Record<string, unknown> = {
    postMessage: (message: unknown) => said.push(JSON.stringify(message)),
    RTCRtpScriptTransformer: class {},
  };
  let now = 1000;
  const context = vm.createContext({
    self,
    performance: { now: () => now },
    Date: { now: () => now },
    TransformStream,
    setTimeout: () => 0,
    setInterval: () => 0,
  });
  vm.runInContext(program, context);
  const tell = (message: unknown) =>
    (self["onmessage"] as (event: unknown) => void)({ data: message });
  const red = (type: string, message: unknown) =>
    tell({ type, transformName: "AudioRed", message });
  red("RedPayloadType", { payloadType: "63" });
  red("OpusPayloadType", { payloadType: "111" });
  tell({ type: "nobody knows", transformName: "nobody" });

  const random = createRandom(4).next;
  const out = {
    enqueue: (frame: { data: ArrayBuffer }) => said.push([...new Uint8Array(frame.data)]),
  };
  Object.assign(context, { out });
  for (let packet = 0; packet < 600; packet++) {
    now += 20;
    if (packet % 100 === 50) {
      red("UpdateNumRedundantEncodings", { numRedundantEncodings: String(packet / 100 % 3 | 0) });
    }
    if (packet === 400) red("Disable", {});
    if (packet === 450) red("Enable", {});
    // RFC 2198: the type of the only block; then Opus, its mode such that it is kept to be repeated.
    const bytes = Uint8Array.from({ length: 20 + random() * 60 }, () => random() * 256);
    bytes[0] = 111;
    bytes[1] = (bytes[1] ?? 0) | 0x80;
    const metadata = {
      synchronizationSource: 7,
      payloadType: packet % 5 === 0 ? 111 : 63,
      sequenceNumber: (packet * (random() < 0.05 ? 2 : 1)) & 0xffff,
    };
    const frame = {
      data: bytes.buffer,
      timestamp: packet * 960,
      type: "key",
      getMetadata: () => metadata,
    };
    Object.assign(context, { frame });
    for (
      const step of [
        "audioSenderMetricsTransform.transform",
        "redundantAudioEncodedTransform.senderTransform",
        "redundantAudioEncodedTransform.receivePacketLogTransform",
        "audioReceiverMetricsTransform.transform",
        "videoSenderMetricsTransform.transform",
        "videoReceiverMetricsTransform.transform",
      ]
    ) vm.runInContext(`EncodedTransformWorker.${step}(frame, out)`, context);
  }
  return said;
}

Deno.test("given twelve seconds of audio, the minified worker sends what the original sends", () => {
  const whole = runWorker(workerProgram(source));
  const smaller = runWorker(workerProgram(minified));
  // One by one, because printing a difference between whole lists takes long.
  for (const [at, one] of whole.entries()) assert.deepEqual(smaller[at], one, `step ${at}`);
  assert.equal(smaller.length, whole.length);
  assert.ok(whole.length > 3000);
  // Packets that repeat the sound of those before them.
  const packets = whole.filter((one) => Array.isArray(one));
  assert.ok(packets.filter((packet) => packet[0] === (111 | 0x80)).length > 200);
  const messages = whole.filter((one) => typeof one === "string").join("\n");
  assert.match(messages, /AudioRed/);
  assert.match(messages, /AudioSender/);
});

Deno.test("the minified program is less than a third of the original's size", () => {
  assert.ok(workerProgram(minified).length * 3 < workerProgram(source).length);
});
