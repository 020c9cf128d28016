import assert from "node:assert/strict";
import { runHandler, runViewerResponse } from "../../dev/aws/cloudfront_function.ts";
import { markedForProxy } from "../../supabase/functions/chime-page/http/cloudfront_proxy.ts";

const code = await Deno.readTextFile(
  new URL("../../ops/stacks/cloudfront_proxy.js", import.meta.url),
);

interface EventResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Record<string, { value: string; multiValue?: { value: string }[] }>;
  cookies: Record<string, { value: string; attributes: string }>;
}

/** Runs the handler on an event as CloudFront documents it, with these headers of the origin. */
async function run(headers: EventResponse["headers"], more: Partial<EventResponse> = {}) {
  return await runHandler(code, {
    version: "1.0",
    context: { distributionId: "EDFDVBD6EXAMPLE", eventType: "viewer-response" },
    viewer: { ip: "198.51.100.11" },
    request: { method: "GET", uri: "/functions/v1/chime-page/1", headers: {}, cookies: {} },
    response: { statusCode: 200, statusDescription: "OK", headers, cookies: {}, ...more },
  }) as EventResponse;
}

/** Headers of a page as the hosted domain sends it, with the function's own headers beside them. */
const rewritten = {
  "content-type": { value: "text/plain" },
  "content-security-policy": { value: "default-src 'none'; sandbox" },
  "x-request-id": { value: "1" },
  "x-chime-page-status": { value: "410" },
  "x-chime-page-type": { value: "text/html; charset=utf-8" },
  "x-chime-page-policy": { value: "default-src 'none'; script-src 'sha256-x'" },
};

Deno.test("status, type and policy are restored, and internal headers are removed", async () => {
  const response = await run(structuredClone(rewritten));
  assert.equal(response.statusCode, 410);
  assert.equal(response.statusDescription, undefined);
  assert.deepEqual(response.headers, {
    "x-request-id": { value: "1" },
    "content-type": { value: "text/html; charset=utf-8" },
    "content-security-policy": { value: "default-src 'none'; script-src 'sha256-x'" },
  });
});

Deno.test("of two policies, only the function's own is sent", async () => {
  const values = [{ value: "default-src 'none'; sandbox" }, { value: "default-src 'self'" }];
  const response = await run({
    ...structuredClone(rewritten),
    "content-security-policy": { value: "default-src 'none'; sandbox", multiValue: values },
  });
  assert.deepEqual(response.headers["content-security-policy"], {
    value: "default-src 'none'; script-src 'sha256-x'",
  });
});

Deno.test("a response without type and policy loses those that the platform added", async () => {
  const response = await run({
    "content-type": { value: "text/plain" },
    "content-security-policy": { value: "default-src 'none'; sandbox" },
    "x-chime-page-status": { value: "204" },
  });
  assert.equal(response.statusCode, 204);
  assert.deepEqual(response.headers, {});
});

Deno.test("responses of the platform itself are unchanged, whatever internal header they have", async () => {
  for (const status of [undefined, "", "0", "199", "600", "2000", "200; drop", "-410"]) {
    const response = await run({
      "content-type": { value: "text/plain" },
      ...(status === undefined ? {} : { "x-chime-page-status": { value: status } }),
      "x-chime-page-type": { value: "text/html" },
    });
    assert.equal(response.statusCode, 200, String(status));
    assert.deepEqual(response.headers, { "content-type": { value: "text/plain" } }, String(status));
  }
});

Deno.test("function and distribution together restore the original response", async () => {
  const headers = new Headers({
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'",
    "Retry-After": "30",
  });
  headers.append("Set-Cookie", "chime_page_session=abc; Path=/x; HttpOnly; Secure; SameSite=None");
  const request = new Request("https://d.cloudfront.net/functions/v1/chime-page/1");
  for (const status of [200, 401, 403, 404, 410, 429, 500, 503]) {
    const wire = markedForProxy(new Response("<!doctype html>", { status, headers }));
    wire.headers.set("Content-Type", "text/plain");
    wire.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    const answer = await runViewerResponse(code, request, wire);
    assert.equal(answer.status, status);
    assert.deepEqual([...answer.headers].sort(), [...headers].sort());
    assert.equal(await answer.text(), "<!doctype html>");
  }
});

Deno.test("the code is within the limits of CloudFront and of a stack's parameter", () => {
  assert.ok(new TextEncoder().encode(code).length <= 4096);
  // The runtime has no modules, no network, and no timers.
  assert.doesNotMatch(code.replace(/\/\/.*/g, ""), /\b(import|require|export|fetch|setTimeout)\b/);
});

Deno.test("the stand-in refuses what CloudFront refuses", async () => {
  const request = new Request("https://d.cloudfront.net/");
  const answerOf = async (text: string) => {
    const answer = await runViewerResponse(text, request, new Response("x"));
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(await answerOf("function handler() { throw new Error('x') }"), 503);
  assert.equal(
    await answerOf("function handler(e) { e.response.statusCode = 9; return e.response }"),
    502,
  );
  assert.equal(
    await answerOf(
      "function handler(e) { e.response.headers['X-Upper'] = {value: 'x'}; return e.response }",
    ),
    502,
  );
  assert.equal(
    await answerOf(
      "function handler(e) { e.response.headers['content-length'] = {value: '1'}; return e.response }",
    ),
    502,
  );
  assert.equal(
    await answerOf(`// ${"x".repeat(11_000)}\nfunction handler(e) { return e.response }`),
    503,
  );
});
