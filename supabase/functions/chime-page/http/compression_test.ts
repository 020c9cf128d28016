import assert from "node:assert/strict";
import { brotliDecompressSync } from "node:zlib";
import { createApp } from "../app.ts";
import { offlineDependencies } from "../testing/dependencies.ts";

const app = createApp(offlineDependencies());

/** Makes a request, and returns the response with the bodies of all responses that were created for it. */
async function bodiesFor(path: string, init: RequestInit) {
  const { Response } = globalThis;
  const bodies: unknown[] = [];
  globalThis.Response = new Proxy(Response, {
    construct: (target, args, self) => {
      bodies.push(args[0]);
      return Reflect.construct(target, args, self);
    },
  });
  try {
    return { bodies, response: await app.request(path, init) };
  } finally {
    globalThis.Response = Response;
  }
}

Deno.test("a page is compressed without copies, which would be streams and sent without a length", async () => {
  const headers = { "Accept-Encoding": "br", Accept: "text/html" };
  for (const path of ["/chime-page/prepare", "/chime-page/no-id", "/elsewhere"]) {
    const { bodies, response } = await bodiesFor(path, { headers });
    const [page, compressed, ...others] = bodies;
    assert.deepEqual(others, [], path);
    assert.ok(compressed instanceof Uint8Array, path);
    assert.equal(brotliDecompressSync(compressed).toString(), page, path);
    const received = new Uint8Array(await response.arrayBuffer());
    assert.equal(brotliDecompressSync(received).toString(), page, path);
  }
});
