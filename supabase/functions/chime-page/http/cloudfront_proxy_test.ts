import assert from "node:assert/strict";
import { Hono } from "hono";
import {
  cloudFrontProxy,
  isFromProxy,
  markedForProxy,
  PROXY_SECRET_HEADER,
} from "./cloudfront_proxy.ts";
import type { AppEnv } from "./dependencies.ts";
import { readSettings } from "../config/settings.ts";

const SECRET = "a".repeat(40);

function app(secret: string | undefined) {
  const app = new Hono<AppEnv>();
  app.use(cloudFrontProxy(secret));
  app.get("/page", (c) =>
    c.body("<!doctype html>", 410, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'",
    }));
  app.get("/cookies", (c) => {
    c.header("Set-Cookie", "a=1", { append: true });
    c.header("Set-Cookie", "b=2", { append: true });
    return c.body("x");
  });
  app.get("/nothing", (c) => c.body(null, 204));
  app.get("/broken", () => {
    throw new Error("broken");
  });
  app.onError((_error, c) => c.text("broken", 502));
  return app;
}

const through = (path: string, secret?: string, set: string | undefined = SECRET) =>
  app(set).request(
    path,
    secret === undefined ? {} : { headers: { [PROXY_SECRET_HEADER]: secret } },
  );

Deno.test("the CloudFront proxy gets a problem page as a 200 with its real status in a header", async () => {
  const answer = await through("/page", SECRET);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("x-chime-page-status"), "410");
  assert.equal(answer.headers.get("x-chime-page-type"), "text/html; charset=utf-8");
  assert.equal(answer.headers.get("x-chime-page-policy"), "default-src 'none'");
  assert.equal(await answer.text(), "<!doctype html>");
});

Deno.test("the proxy gets empty responses and unexpected errors as a 200 too", async () => {
  const nothing = await through("/nothing", SECRET);
  assert.deepEqual([nothing.status, nothing.headers.get("x-chime-page-status")], [200, "204"]);
  assert.equal(await nothing.text(), "");
  assert.equal(nothing.headers.get("x-chime-page-type"), null);
  const broken = await through("/broken", SECRET);
  assert.deepEqual([broken.status, broken.headers.get("x-chime-page-status")], [200, "502"]);
});

Deno.test("without the right secret the response is unchanged", async () => {
  for (const given of [undefined, "", "b".repeat(40), "a".repeat(39), "a".repeat(41)]) {
    const answer = await through("/page", given);
    assert.equal(answer.status, 410, String(given));
    assert.equal(answer.headers.get("x-chime-page-status"), null);
  }
});

Deno.test("without a secret in the settings nobody is the proxy, even with an empty header", async () => {
  for (const given of ["", "undefined", SECRET]) {
    assert.equal(
      await isFromProxy(new Headers({ [PROXY_SECRET_HEADER]: given }), undefined),
      false,
    );
    assert.equal(await isFromProxy(new Headers({ [PROXY_SECRET_HEADER]: given }), ""), false);
  }
});

Deno.test("cookies and other headers are preserved, each separately", () => {
  const headers = new Headers({ "X-Request-Id": "1", "Retry-After": "5" });
  headers.append("Set-Cookie", "a=1");
  headers.append("Set-Cookie", "b=2");
  const answer = markedForProxy(new Response(null, { status: 503, headers }));
  assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
  assert.equal(answer.headers.get("x-request-id"), "1");
  assert.equal(answer.headers.get("retry-after"), "5");
});

Deno.test("no cookie is lost or duplicated in the app", async () => {
  const answer = await through("/cookies", SECRET);
  assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
});

Deno.test("a secret that is too short or not valid in a header is an invalid setting", () => {
  for (const secret of ["short", "x".repeat(31), "x".repeat(129), `${"x".repeat(40)} y`]) {
    const read = readSettings({ CHIME_PAGE_FRONT_SECRET: secret });
    assert.ok(!read.ok && read.error.includes("CHIME_PAGE_FRONT_SECRET"), secret);
  }
  const read = readSettings({ CHIME_PAGE_FRONT_SECRET: SECRET });
  assert.ok(!read.ok && !read.error.includes("CHIME_PAGE_FRONT_SECRET"));
});
