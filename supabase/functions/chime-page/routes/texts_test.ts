import assert from "node:assert/strict";
import { Hono } from "hono";
import { createLog } from "../../_shared/log.ts";
import { observe } from "../http/request_log.ts";
import type { LanguagePack } from "../contract/page_data.ts";
import type { AppEnv, Parts } from "../http/dependencies.ts";
import { languageTexts } from "./texts.ts";

const settings = { publicUrl: "https://visit.example/chime-page", frameAncestors: [] };
const app = new Hono<AppEnv>();
app.use(observe({
  log: createLog(() => undefined, () => 0),
  now: () => new Date(0),
  newRequestId: () => "r",
}));
// The route takes nothing of the parts but what a problem page needs.
app.get("/texts/:language", (c) => languageTexts(c, { settings } as unknown as Parts));

const pack = async (language: string) => {
  const answer = await app.request(`/texts/${language}`);
  return { answer, body: await answer.json() as LanguagePack };
};

Deno.test("a running page gets another language's words, from caches too, without any credential", async () => {
  const { answer, body } = await pack("ar");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "public, max-age=86400");
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("content-language"), "ar");
  assert.deepEqual([body.language, body.direction], ["ar", "rtl"]);
  assert.ok(Object.keys(body.texts).length > 80);
});

Deno.test("a regional tag gets its language, an unknown one a problem that is not kept", async () => {
  assert.equal((await pack("pt-BR")).body.language, "pt");
  for (const unknown of ["de", "status", "__proto__", "%00"]) {
    const { answer } = await pack(unknown);
    assert.equal(answer.status, 400, unknown);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
});
