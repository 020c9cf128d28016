import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { zlib } from "../../sdk/cuts/zlib.ts";
import { randomNumbers, SDK_FOLDER } from "./support.ts";

interface Pako {
  deflateRaw(text: string, options: object): Uint8Array;
  inflateRaw(bytes: Uint8Array, options: object): string;
}

const index = createRequire(join(SDK_FOLDER, "build", "index.js")).resolve("pako");
const source = readFileSync(join(dirname(index), "dist", "pako.esm.mjs"), "utf8");
const whole = createRequire(index)(index) as Pako;
const { source: cutText } = await zlib.apply(source, {
  package: "pako",
  path: "dist/pako.esm.mjs",
});
const cut: Pako = await import(`data:text/javascript,${encodeURIComponent(cutText)}`);

// As the SDK calls them: lib/sdp/ZLIBTextCompressor.
const packing = (dictionary: string) => ({ memLevel: 9, dictionary });
const unpacking = (dictionary: string) => ({ to: "string", dictionary, chunkSize: 4096 });

const random = randomNumbers(3);
const LINES = [
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=candidate:1 1 udp 2130706431 10.0.0.1 50000 typ host",
  "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
  "a=ssrc:1 cname:Ünïcode 😀",
];

/** A text like a session description, of some length. */
function description(lines: number): string {
  return Array.from({ length: lines }, () => {
    const line = LINES[Math.floor(random() * LINES.length)];
    return `${line} ${Math.floor(random() * 1e6)}`;
  }).join("\r\n");
}

Deno.test("session descriptions are packed to the same bytes as by the whole of pako", () => {
  for (const lines of [0, 1, 5, 40, 200, 2000]) {
    for (const dictionary of ["x", description(30), description(600)]) {
      const text = description(lines);
      const packed = cut.deflateRaw(text, packing(dictionary));
      assert.deepEqual(packed, whole.deflateRaw(text, packing(dictionary)));
      assert.equal(cut.inflateRaw(packed, unpacking(dictionary)), text);
    }
  }
});

Deno.test("texts that do not shrink are packed the same", () => {
  for (const length of [10, 1000, 70_000]) {
    const text = Array.from({ length }, () => String.fromCharCode(32 + random() * 2000)).join("");
    const packed = cut.deflateRaw(text, packing("x"));
    assert.deepEqual(packed, whole.deflateRaw(text, packing("x")));
    assert.equal(cut.inflateRaw(packed, unpacking("x")), text);
  }
});

Deno.test("spoilt bytes are answered as by the whole of pako", () => {
  const outcome = (run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      return `refused: ${error}`;
    }
  };
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    const packed = whole.deflateRaw(description(60), packing("x"))
      .map((byte) => random() < 0.01 ? random() * 256 : byte)
      .slice(0, random() < 0.3 ? 100 : undefined);
    const expected = outcome(() => whole.inflateRaw(packed, unpacking("x")));
    assert.equal(outcome(() => cut.inflateRaw(packed, unpacking("x"))), expected);
    if (String(expected).startsWith("refused")) refused++;
  }
  assert.ok(refused > 50);
});
