import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { answerFaults, type Asked, logFault } from "./answers.ts";
import { CANARY } from "./canary.ts";

const HEADERS = {
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Request-Id": "0b0c2b1e-6f62-4c38-9f0e-0a4c1f6f3d11",
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
};
const PROBLEM = {
  type: "urn:chime-page:problem:bad-request",
  title: "Title",
  detail: "Detail",
  nextStep: "Next",
  status: 400,
  requestId: HEADERS["X-Request-Id"],
};
const asked: Asked = { method: "GET", canary: CANARY, prefetch: false };

/** A response as the function gives it, with changes. */
function answer(
  status: number,
  body: string,
  headers: Record<string, string | undefined> = {},
) {
  const all = { ...HEADERS, "Content-Type": "application/problem+json", ...headers };
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]]
  );
  return { status, headers: new Headers(given), body: new TextEncoder().encode(body) };
}
const problem = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({ ...PROBLEM, ...changes });
const checksOf = (
  one: ReturnType<typeof answer>,
  request = asked,
) => [...answerFaults(request, one).keys()];

Deno.test("a correct problem and a correct response have no fault", () => {
  assert.deepEqual(checksOf(answer(400, problem())), []);
  assert.deepEqual(checksOf(answer(200, "{}", { "Content-Type": "application/json" })), []);
});

Deno.test("an unexpected 5xx is a fault, and a 503 unless the browser prefetches", () => {
  const body = problem({ status: 502, type: "urn:chime-page:problem:upstream-unavailable" });
  assert.deepEqual(checksOf(answer(502, body)), ["unexpected 5xx"]);
  const busy = answer(503, problem({ status: 503 }));
  assert.deepEqual(checksOf(busy), ["unexpected 5xx"]);
  assert.deepEqual(checksOf(busy, { ...asked, prefetch: true }), []);
});

Deno.test("errors without a page or a problem are faults", () => {
  const bare = {
    text: answer(400, "Bad request", { "Content-Type": "text/plain" }),
    empty: answer(404, "", { "Content-Type": undefined }),
    "another status": answer(404, problem()),
    "no reference": answer(400, problem({ requestId: "" })),
    "no next step": answer(400, problem({ nextStep: undefined })),
    "no JSON": answer(400, HEADERS["X-Request-Id"]),
  };
  for (const [name, one] of Object.entries(bare)) {
    assert.deepEqual(checksOf(one), ["bare errors"], name);
  }
});

Deno.test("reflected input is a fault, in headers and in bodies, compressed or not", () => {
  assert.deepEqual(checksOf(answer(400, problem({ detail: `<b>${CANARY}` }))), ["reflected input"]);
  const compressed = {
    ...answer(400, "", { "Content-Encoding": "gzip" }),
    body: Uint8Array.from(gzipSync(problem({ detail: CANARY }))),
  };
  assert.deepEqual(checksOf(compressed), ["reflected input"]);
  const header = { "X-Echo": `a ${CANARY.toUpperCase()}` };
  assert.deepEqual(checksOf(answer(400, problem(), header)), ["reflected input"]);
});

Deno.test("missing headers are faults, for documents too", () => {
  for (const name of Object.keys(HEADERS)) {
    const without = answer(200, "{}", { "Content-Type": "application/json", [name]: undefined });
    assert.deepEqual(checksOf(without), ["missing headers"], name);
  }
  const page = answer(200, "<!doctype html>", { "Content-Type": "text/html; charset=utf-8" });
  assert.deepEqual(checksOf(page), ["missing headers"]);
});

Deno.test("a stack trace is a fault; a time of day and a document's own script are not", () => {
  const trace = "TypeError: x\n    at handler (file:///app/index.ts:1:2)";
  assert.deepEqual(checksOf(answer(400, problem({ detail: trace }))), ["stack traces"]);
  assert.deepEqual(checksOf(answer(400, problem({ detail: "You can join at 3:26 (in 5)" }))), []);
  const page = `<!doctype html><script>at x (y</script>${HEADERS["X-Request-Id"]}`;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=()",
    "X-Robots-Tag": "noindex",
  };
  assert.deepEqual(checksOf(answer(403, page, headers)), []);
});

Deno.test("secrets, names and uncaught errors in the log are faults", () => {
  const line = (fields: object) => JSON.stringify({ at: "2026-01-01T00:00:00Z", ...fields });
  const needles = ["Zqname"];
  assert.equal(logFault(line({ route: "/chime-page/:id", ms: 3 }), needles), undefined);
  for (
    const bad of [
      line({ reason: "unknown zqname" }),
      line({ reason: "a".repeat(43) }),
      line({ token: "eyJhbGciOiJFUzI1NiJ9.e30.x" }),
      line({ error: "at handler (file:///app/index.ts:1:2)" }),
      "TypeError: Cannot read properties of undefined",
    ]
  ) assert.notEqual(logFault(bad, needles), undefined, bad);
});
