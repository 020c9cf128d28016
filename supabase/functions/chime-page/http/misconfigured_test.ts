import assert from "node:assert/strict";
import { createLog } from "../../_shared/log.ts";
import { createMisconfiguredApp } from "./misconfigured.ts";

function misconfigured() {
  const lines: string[] = [];
  const app = createMisconfiguredApp(["CHIME_SDK_CDN_URL"], {
    log: createLog((line) => lines.push(line), () => 0),
    now: () => new Date(0),
    newRequestId: () => "request-1",
  });
  return { app, lines };
}

const path = "/chime-page/a0000000-0000-4000-8000-000000000001";

Deno.test("a misconfigured function names the setting in its log but not in the response", async () => {
  const { app, lines } = misconfigured();
  const answer = await app.request(path);
  assert.equal(answer.status, 500);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  const text = await answer.text();
  assert.match(text, /urn:chime-page:problem:misconfigured/);
  assert.match(text, /request-1/);
  assert.doesNotMatch(text, /CHIME_SDK/);
  assert.match(lines.join("\n"), /"settings":\["CHIME_SDK_CDN_URL"\]/);
});

Deno.test("a browser gets the problem of a misconfigured function as a page", async () => {
  const answer = await misconfigured().app.request(path, { headers: { Accept: "text/html" } });
  assert.equal(answer.status, 500);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(await answer.text(), /request-1/);
});

Deno.test("the health check of a misconfigured function fails without disclosing details", async () => {
  const answer = await misconfigured().app.request("/chime-page/health");
  assert.equal(answer.status, 503);
  assert.deepEqual(Object.keys(await answer.json()).sort(), ["sdk", "status", "version"]);
});

Deno.test("a misconfigured function responds to the CloudFront proxy with a 200", async () => {
  const secret = "s".repeat(32);
  const app = createMisconfiguredApp(["CHIME_SDK_CDN_URL"], {
    log: createLog(() => {}, () => 0),
    now: () => new Date(0),
    newRequestId: () => "request-1",
  }, secret);
  const answer = await app.request(path, { headers: { "X-Chime-Page-Front": secret } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("X-Chime-Page-Status"), "500");
});
