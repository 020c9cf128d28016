import assert from "node:assert/strict";
import { feedable, mendAnswer, readSections } from "./sdp.ts";

const sdp = (...lines: readonly string[]) => lines.join("\r\n") + "\r\n";
const SESSION = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"];
const AUDIO = ["m=audio 9 UDP/TLS/RTP/SAVPF 109", "a=sendrecv", "a=mid:0"];
const BUNDLED = ["m=video 0 UDP/TLS/RTP/SAVPF 120", "a=inactive", "a=mid:1", "a=bundle-only"];
const REJECTED = ["m=video 0 UDP/TLS/RTP/SAVPF 120", "a=inactive", "a=mid:2"];
const OFFER = sdp(...SESSION, ...AUDIO, ...BUNDLED, ...REJECTED);

Deno.test("a section of port 0 is rejected only if it is not bundle-only", () => {
  assert.deepEqual(readSections(OFFER).map(({ mid, rejected }) => `${mid} ${rejected}`), [
    "0 false",
    "1 false",
    "2 true",
  ]);
  const ports = [...feedable(OFFER).matchAll(/^m=\w+ (\d+)/gm)].map((match) => match[1]);
  assert.deepEqual(ports, ["9", "9", "0"]);
});

Deno.test("the answer accepts bundle-only sections, and leaves rejected ones out of the bundle", () => {
  const answer = sdp(
    ...SESSION,
    "a=group:BUNDLE 0 1 2",
    ...AUDIO,
    ...["m=video 0 UDP/TLS/RTP/SAVPF 120", "a=recvonly", "a=mid:1"],
    ...["m=video 9 UDP/TLS/RTP/SAVPF 120", "a=inactive", "a=mid:2"],
  );
  const mended = mendAnswer(answer, readSections(OFFER));
  assert.match(mended, /a=group:BUNDLE 0 1\r\n/);
  const ports = [...mended.matchAll(/^m=\w+ (\d+)/gm)].map((match) => match[1]);
  assert.deepEqual(ports, ["9", "9", "0"]);
});
