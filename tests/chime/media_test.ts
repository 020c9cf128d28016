import { Decoder, Encoder } from "@evan/opus";
import assert from "node:assert/strict";
import { type RTCDtlsTransport, RtpHeader, RtpPacket } from "werift";
import { ignoreRepeatedHandshakes } from "../../dev/chime/media/dtls_guard.ts";
import { Mixer } from "../../dev/chime/media/mixer.ts";
import { NetworkPath, type Wire } from "../../dev/chime/media/network_path.ts";
import { mendAnswer, readSections } from "../../dev/chime/media/sdp.ts";
import { startsKeyFrame, VideoRelay } from "../../dev/chime/media/video_relay.ts";

/** A VP8 payload descriptor of one byte, then the first byte of a key frame or another. */
const KEY = Buffer.from([0x10, 0x00]);
const DELTA = Buffer.from([0x10, 0x01]);

function packet(ssrc: number, sequenceNumber: number, timestamp: number, payload = DELTA) {
  return new RtpPacket(
    new RtpHeader({ ssrc, sequenceNumber, timestamp, payloadType: 96 }),
    payload,
  );
}

Deno.test("a relay joins two cameras into one continuous stream, each from its key frame on", () => {
  let now = 1_000;
  let asked = 0;
  const relay = new VideoRelay(() => 0, () => now, () => asked++);
  assert.equal(relay.take(packet(1, 500, 90_000)), undefined);
  assert.equal(asked, 1);
  const first = relay.take(packet(1, 501, 93_000, KEY));
  const second = relay.take(packet(1, 502, 96_000));
  now += 100;
  assert.equal(relay.take(packet(2, 40_000, 7)), undefined);
  const third = relay.take(packet(2, 40_001, 8, KEY));
  const late = relay.take(packet(2, 40_000, 7));
  const sequences = [first, second, third].map((one) => one?.header.sequenceNumber ?? NaN);
  const [start = NaN] = sequences;
  assert.deepEqual(sequences, [start, start + 1, start + 2]);
  // A late packet keeps its place before the others.
  assert.equal(late?.header.sequenceNumber, start + 1);
  const passed = (third?.header.timestamp ?? 0) - (second?.header.timestamp ?? 0);
  assert.equal(passed, 9_000, "100 ms at 90 kHz");
});

Deno.test("a VP8 key frame is found after each kind of descriptor", () => {
  assert.ok(startsKeyFrame(KEY));
  assert.ok(!startsKeyFrame(DELTA));
  assert.ok(!startsKeyFrame(Buffer.from([0x00, 0x00])), "not the start of a partition");
  assert.ok(startsKeyFrame(Buffer.from([0x90, 0x80, 0x05, 0x00])), "7 bit picture id");
  assert.ok(startsKeyFrame(Buffer.from([0x90, 0xe0, 0x85, 0x01, 0x02, 0x20, 0x00])), "all of them");
});

Deno.test("a listener hears the mix of the others at their volume", () => {
  const mixer = new Mixer();
  const heard = new Map<string, Uint8Array[]>();
  for (const id of ["a", "b"]) {
    heard.set(id, []);
    mixer.listen(id, (opus) => heard.get(id)?.push(opus));
  }
  const encoder = new Encoder({ channels: 1, sample_rate: 48_000 });
  for (let frame = 0; frame < 25; frame++) {
    const loud = Int16Array.from(
      { length: 960 },
      (_, i) => 12_000 * Math.sin((frame * 960 + i) * 2 * Math.PI * 440 / 48_000),
    );
    mixer.talk("a", "a", encoder.encode(loud));
    mixer.tick();
  }
  const volume = (id: string) => {
    const decoder = new Decoder({ channels: 1, sample_rate: 48_000 });
    const frames = (heard.get(id) ?? []).map((opus) => decoder.decode(opus));
    assert.equal(frames.length, 25, "a frame every 20 ms, also of silence");
    const last = new Int16Array(frames[20]?.slice().buffer ?? new ArrayBuffer(0));
    return Math.sqrt(last.reduce((sum, sample) => sum + sample * sample, 0) / last.length);
  };
  assert.ok(Math.abs(volume("b") - 12_000 / Math.SQRT2) < 1_500, `b hears ${volume("b")}`);
  assert.ok(volume("a") < 50, `a hears ${volume("a")}`);
});

Deno.test("a packet that is not Opus does not interrupt the sound", () => {
  const mixer = new Mixer();
  let frames = 0;
  mixer.listen("b", () => frames++);
  mixer.talk("a", "a", Buffer.from([0xff, 0xff, 0xff]));
  mixer.tick();
  assert.equal(frames, 1);
});

Deno.test("a repeated handshake message is not handled twice", async () => {
  const handled: number[][] = [];
  const dtls = {
    onHandleHandshakes: (messages: { message_seq: number }[]) => {
      handled.push(messages.map((one) => one.message_seq));
      return Promise.resolve();
    },
  };
  const listeners: (() => void)[] = [];
  const transport = { dtls: undefined as unknown, onStateChange: { subscribe: addListener } };
  function addListener(listener: () => void) {
    listeners.push(listener);
  }
  ignoreRepeatedHandshakes(transport as unknown as RTCDtlsTransport);
  for (const listener of listeners) listener();
  transport.dtls = dtls;
  await Promise.resolve();
  await dtls.onHandleHandshakes([{ message_seq: 0 }, { message_seq: 1 }]);
  await dtls.onHandleHandshakes([{ message_seq: 1 }, { message_seq: 2 }]);
  await dtls.onHandleHandshakes([{ message_seq: 0 }]);
  assert.deepEqual(handled, [[0, 1], [2]]);
});

Deno.test("a deaf path carries nothing, and a lossy one loses its share, in both directions", async () => {
  const sent: string[] = [];
  const received: string[] = [];
  const wire: Wire = {
    send: (data) => Promise.resolve(void sent.push(String(data))),
    onData: (data) => void received.push(String(data)),
  };
  const chances = [0.9, 0.1, 0.9, 0.1];
  const path = new NetworkPath(() => chances.shift() ?? 1);
  path.carry(wire);
  const exchange = async (text: string) => {
    await wire.send(Buffer.from(text));
    wire.onData(Buffer.from(text), ["127.0.0.1", 9]);
  };
  await exchange("good");
  path.deafFor(60_000);
  await exchange("deaf");
  path.restore();
  path.impair({ lose: 0.5, delay: 0 });
  await exchange("bad");
  await exchange("worse");
  path.close();
  assert.deepEqual(sent, ["good", "bad", "worse"]);
  assert.deepEqual(received, ["good"]);
});

Deno.test("an answer keeps inactive sections and names each track after its section", () => {
  const head = "v=0\r\na=group:BUNDLE 0 1 2 3";
  const section = (kind: string, mid: number, direction: string, port = 9) =>
    `m=${kind} ${port} UDP/TLS/RTP/SAVPF 96\r\na=mid:${mid}\r\na=${direction}`;
  const sections = readSections(
    [
      head,
      section("audio", 0, "sendrecv"),
      section("video", 1, "inactive"),
      section("video", 2, "recvonly"),
      section("video", 3, "recvonly", 0),
    ].join("\r\n") + "\r\n",
  );
  assert.deepEqual(sections.map((one) => one.rejected), [false, false, false, true]);
  const answer = mendAnswer(
    [
      head,
      section("audio", 0, "sendrecv") + "\r\na=msid:x y",
      section("video", 1, "recvonly", 0),
      section("video", 2, "sendonly"),
      section("video", 3, "inactive"),
    ].join("\r\n") + "\r\n",
    sections,
  );
  assert.match(answer, /^a=group:BUNDLE 0 1 2\r$/m);
  assert.match(answer, /a=mid:0\r\na=sendrecv\r\na=msid:a_0 a_0\r\n/);
  assert.match(answer, /m=video 9 [^\n]*\na=mid:1\r\na=inactive\r\n/);
  assert.match(answer, /a=mid:2\r\na=sendonly\r\na=msid:v_2 v_2\r\n/);
  assert.match(answer, /m=video 0 [^\n]*\na=mid:3/);
});
