import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { offlineDependencies } from "../testing/dependencies.ts";
import { createApp } from "../app.ts";
import { bundleOf, BUNDLES } from "../page/bundles.ts";
import type { Language } from "../contract/page_data.ts";
import { callTexts } from "../i18n/languages.ts";

const app = createApp(offlineDependencies());
const get = (name: string, headers: Record<string, string> = {}) =>
  app.request(`/chime-page/files/${name}`, { headers });

const { name, text } = bundleOf("call", "fr");

Deno.test("a bundle matches the document's integrity hash and is immutable", async () => {
  for (const bundle of BUNDLES) {
    const { name, integrity, text } = bundleOf(bundle, "fr");
    const answer = await get(name);
    assert.equal(answer.status, 200);
    const body = await answer.text();
    assert.equal(body, text);
    assert.equal(integrity, `sha384-${createHash("sha384").update(body).digest("base64")}`);
    assert.equal(answer.headers.get("content-type"), "text/javascript; charset=utf-8");
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    // Integrity requires CORS: a host app may load the document at another origin.
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    assert.equal(answer.headers.get("set-cookie"), null);
  }
});

Deno.test("each language has its own bundle with only its own texts", async () => {
  const languages: Language[] = ["en", "fr", "ar", "pt", "es", "sw"];
  const names = languages.map((language) => bundleOf("call", language).name);
  assert.equal(new Set(names).size, languages.length);
  for (const language of languages) {
    const body = await (await get(bundleOf("call", language).name)).text();
    for (const other of languages) {
      const said = body.includes(`'${callTexts(other).shareFailed}'`);
      assert.equal(said, other === language, `${other} in the file of ${language}`);
    }
  }
});

Deno.test("a bundle of another release is not found, and that response is not cached", async () => {
  const others = [
    "call-fr-0000000000000000.js",
    "call-xx-0000000000000000.js",
    "call.js",
    "sdk-fr-0.js",
  ];
  for (const other of [...others, "__proto__", "..%2Findex.ts", "call-constructor-0.js"]) {
    const answer = await get(other);
    assert.equal(answer.status, 404, other);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
  const posted = await app.request(`/chime-page/files/${name}`, { method: "POST" });
  assert.equal(posted.status, 405);
});

Deno.test("responses are compressed with the best encoding that the client accepts", async () => {
  const codings = {
    "gzip, deflate, br": "br",
    "br;q=1.0, gzip;q=0.5": "br",
    "gzip, br;q=0": "gzip",
    "gzip": "gzip",
    "identity": null,
  };
  const length: Record<string, number> = {};
  for (const [accepted, coding] of Object.entries(codings)) {
    const answer = await get(name, { "Accept-Encoding": accepted });
    assert.equal(answer.headers.get("content-encoding"), coding, accepted);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    length[coding ?? "plain"] = bytes.length;
    if (coding === null) continue;
    assert.match(answer.headers.get("vary") ?? "", /Accept-Encoding/);
    const unpacked = coding === "br" ? brotliDecompressSync(bytes) : gunzipSync(bytes);
    assert.equal(unpacked.toString(), text);
  }
  const { plain = 0, gzip = 0, br = 0 } = length;
  assert.ok(gzip < plain / 2 && br < gzip, JSON.stringify(length));
  const short = await app.request("/chime-page/health", { headers: { "Accept-Encoding": "br" } });
  assert.equal(short.headers.get("content-encoding"), null);
  await short.body?.cancel();
});

Deno.test("a cached compressed file is never the response to another request", async () => {
  const headers = { "Accept-Encoding": "br", Accept: "text/html" };
  const unpack = async (answer: Response) => {
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return answer.headers.get("content-encoding") === "br"
      ? brotliDecompressSync(bytes).toString()
      : new TextDecoder().decode(bytes);
  };
  assert.equal(await unpack(await get(name, headers)), text);
  for (const method of ["POST", "PUT", "DELETE", "PROPFIND"]) {
    const answer = await app.request(`/chime-page/files/${name}`, { method, headers });
    assert.equal(answer.status, 405);
    assert.match(await unpack(answer), /^<!doctype html>/);
  }
  for (const address of [name, `${name}/`, name.replace("-", "%2d")]) {
    assert.equal(await unpack(await get(address, headers)), text, address);
  }
});

Deno.test("a long Accept-Encoding header is read in linear time", async () => {
  for (const list of [`gzip ${" ".repeat(60_000)}x, br`, `${"x;q=0,".repeat(10_000)} br ; q=0`]) {
    const answer = await get(name, { "Accept-Encoding": list });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-encoding") === "br", !list.endsWith("q=0"));
    await answer.body?.cancel();
  }
});
