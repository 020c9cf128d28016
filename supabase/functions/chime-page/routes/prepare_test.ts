import assert from "node:assert/strict";
import { createApp } from "../app.ts";
import { offlineDependencies } from "../testing/dependencies.ts";

const app = createApp(offlineDependencies());
const get = (headers: Record<string, string> = {}, init: RequestInit = {}) =>
  app.request("/chime-page/prepare", { headers, ...init });

Deno.test("the page that prepares a visit has a strict policy, no cookie and an hour in the cache", async () => {
  const answer = await get({ "Accept-Language": "fr", Accept: "text/html" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("set-cookie"), null);
  assert.equal(answer.headers.get("cache-control"), "private, max-age=3600");
  assert.match(answer.headers.get("vary") ?? "", /Accept-Language, Save-Data/);
  assert.equal(answer.headers.get("content-language"), "fr");
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.match(
    policy,
    /^default-src 'none'; script-src 'sha256-[^']+' https:\S+ https:\S+ https:\S+;/,
  );
  assert.match(policy, /style-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /connect-src|media-src|unsafe/);
  assert.match(answer.headers.get("permissions-policy") ?? "", /camera=\(\), microphone=\(\)/);
  await answer.body?.cancel();
});

Deno.test("the page that prepares a visit is small", async () => {
  const html = await (await get()).text();
  assert.ok(html.length < 6_000, `${html.length}`);
});

Deno.test("only GET and HEAD reach it, and a browser below the floor is told so", async () => {
  assert.equal((await get({}, { method: "HEAD" })).status, 200);
  const posted = await get({}, { method: "POST" });
  assert.equal(posted.status, 405);
  const old = await get({
    "User-Agent": "Mozilla/5.0 (Linux; Android 9; wv) Chrome/80.0.1.1 Mobile",
  });
  assert.match((await old.json()).type, /browser-too-old$/);
});
