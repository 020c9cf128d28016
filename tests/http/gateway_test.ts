import assert from "node:assert/strict";
import { get } from "node:http";
import { startGateway } from "../../dev/gateway.ts";
import { looseTest } from "../support/sanitizers.ts";
import { createVisit, openByToken, pageData, startTestStack } from "../support/visits.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

/** Bytes of a response's body as they come over the wire, and their encoding. */
function bytesOf(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ bytes: number; encoding: string | undefined }>((resolve, reject) => {
    const accept = { "accept-encoding": "gzip, deflate, br, zstd", ...headers };
    get(url, { headers: accept }, (answer) => {
      let bytes = 0;
      answer.on("data", (part: Uint8Array) => bytes += part.length);
      answer.on("end", () => resolve({ bytes, encoding: answer.headers["content-encoding"] }));
      answer.on("error", reject);
    }).on("error", reject);
  });
}

looseTest("dev sends every file of a visit compressed, as production does", async () => {
  const visit = await createVisit(stack);
  const headers = { Authorization: `Bearer ${visit.provider.token}`, Accept: "text/html" };
  const data = await pageData(await openByToken(visit, visit.provider));
  const html = await (await fetch(visit.url, { headers })).text();
  const bundles = [...html.matchAll(/src="([^"]+\/files\/[^"]+)"|"(http[^"]+\/files\/[^"]+\.js)"/g)]
    .map((match) => match[1] ?? match[2] ?? "");
  const urls = [...new Set([...bundles, data.sdk.url])];
  assert.equal(urls.length, 3, "lobby bundle, in-call bundle and SDK file");
  const sent = [
    await bytesOf(visit.url, headers),
    ...await Promise.all(urls.map((url) => bytesOf(url))),
  ];
  assert.deepEqual(sent.map(({ encoding }) => encoding), ["br", "br", "br", "br"]);
  const total = sent.reduce((sum, { bytes }) => sum + bytes, 0);
  // The budgets of `tools/sizes.ts`, and the SDK file at the quality of a CDN.
  assert.ok(total < 14_000 * 1.1 + 24_000 + 13_000 + 105_000 * 1.1, `${total} bytes`);
});

looseTest("a client that accepts no compression gets none through dev", async () => {
  const visit = await createVisit(stack);
  const headers = {
    Authorization: `Bearer ${visit.provider.token}`,
    Accept: "text/html",
    "accept-encoding": "identity",
  };
  assert.equal((await bytesOf(visit.url, headers)).encoding, undefined);
});

looseTest("until the system has started, every address says that it is starting", async () => {
  const gateway = startGateway({
    port: 0,
    hostedDomain: false,
    supabase: () => "",
    functions: () => [],
    home: () => undefined,
  });
  try {
    for (const path of ["/", "/functions/v1/chime-page/x", "/auth/v1/token", "/rest/v1/x"]) {
      const answer = await fetch(`${gateway.url}${path}`);
      assert.equal(answer.status, 503, path);
      assert.match(await answer.text(), /is starting/);
    }
  } finally {
    await gateway.stop();
  }
});

looseTest("a browser app on another origin may sign in", async () => {
  const address = `${stack.baseUrl}/auth/v1/token?grant_type=password`;
  const origin = "http://localhost:3000";
  const preflight = await fetch(address, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "apikey,content-type,x-client-info,x-supabase-api-version",
    },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
  const allowed = (preflight.headers.get("access-control-allow-headers") ?? "").split(/, */);
  for (const name of ["apikey", "content-type", "x-client-info", "x-supabase-api-version"]) {
    assert.ok(allowed.includes(name), name);
  }
  const answer = await fetch(address, {
    method: "POST",
    headers: { Origin: origin, "Content-Type": "application/json" },
    body: "{}",
  });
  await answer.body?.cancel();
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
});
