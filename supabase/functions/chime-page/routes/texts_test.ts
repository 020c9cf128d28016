import assert from "node:assert/strict";
import { offlineDependencies } from "../testing/dependencies.ts";
import { createApp } from "../app.ts";
import type { LanguagePack } from "../contract/page_data.ts";

const app = createApp(offlineDependencies());

const pack = async (language: string) => {
  const answer = await app.request(`/chime-page/texts/${language}`);
  return { answer, body: await answer.json() as LanguagePack };
};

Deno.test("the texts of a language are cacheable and need no credentials", async () => {
  const { answer, body } = await pack("ar");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "public, max-age=86400");
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("content-language"), "ar");
  assert.deepEqual([body.language, body.direction], ["ar", "rtl"]);
  assert.ok(Object.keys(body.texts).length > 80);
});

Deno.test("a regional tag gets the texts of its language, and an unknown tag a problem that is not cached", async () => {
  assert.equal((await pack("pt-BR")).body.language, "pt");
  for (const unknown of ["de", "status", "__proto__", "%00"]) {
    const { answer } = await pack(unknown);
    assert.equal(answer.status, 400, unknown);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
});
