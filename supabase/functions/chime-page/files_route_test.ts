import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createLog } from "../_shared/log.ts";
import { createApp } from "./app.ts";
import { NO_BRAND } from "./page/brand.ts";
import { CALL_FILE, CALL_INTEGRITY, CALL_SCRIPT } from "./page/call.generated.ts";
import type { Parts } from "./parts.ts";

const settings = {
  publicUrl: "https://visit.example.org/functions/v1/chime-page",
  sdk: { url: "https://cdn.example.org/sdk.js", integrity: "sha384-x" },
  chime: {},
  frameAncestors: [],
  brand: NO_BRAND,
};
// These routes take nothing of the parts but this.
const app = createApp({
  settings,
  tokens: { headers: [] },
  log: createLog(() => undefined, () => 0),
  now: () => new Date(0),
  newRequestId: () => "r",
} as unknown as Parts);
const get = (name: string, headers: Record<string, string> = {}) =>
  app.request(`/chime-page/files/${name}`, { headers });

Deno.test("the call's file is what the document's hash says, and browsers keep it for good", async () => {
  const answer = await get(CALL_FILE);
  assert.equal(answer.status, 200);
  const text = await answer.text();
  assert.equal(text, CALL_SCRIPT);
  assert.equal(CALL_INTEGRITY, `sha384-${createHash("sha384").update(text).digest("base64")}`);
  assert.equal(answer.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
  // Integrity needs CORS: a host may show the document under another origin.
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("set-cookie"), null);
});

Deno.test("a file of another release is not here, and nobody keeps that answer", async () => {
  for (const name of ["call-0000000000000000.js", "call.js", "__proto__", "..%2Findex.ts"]) {
    const answer = await get(name);
    assert.equal(answer.status, 404, name);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
  const posted = await app.request(`/chime-page/files/${CALL_FILE}`, { method: "POST" });
  assert.equal(posted.status, 405);
});

Deno.test("what can be packed is packed for those who can unpack it", async () => {
  const packed = await get(CALL_FILE, { "Accept-Encoding": "gzip, deflate, br" });
  assert.equal(packed.headers.get("content-encoding"), "gzip");
  assert.match(packed.headers.get("vary") ?? "", /Accept-Encoding/);
  const bytes = new Uint8Array(await packed.arrayBuffer());
  assert.ok(bytes.length < CALL_SCRIPT.length / 2);
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  assert.equal(await new Response(unpacked).text(), CALL_SCRIPT);
  const plain = await get(CALL_FILE);
  assert.equal(plain.headers.get("content-encoding"), null);
  await plain.body?.cancel();
});
