import assert from "node:assert/strict";
import { freshLink } from "../../dev/demo_links.ts";
import { demoPeople } from "../../dev/supabase/demo_people.ts";
import { withServer } from "../support/with_server.ts";

const person = demoPeople[0] ?? assert.fail("no demo people");

/** Requests a link from a function that gives these responses in order. */
async function ask(...answers: readonly Response[]) {
  const waiting = [...answers];
  const next = () => waiting.shift() ?? Response.json({ type: "nothing is left" }, { status: 404 });
  return await withServer(next, (port) =>
    freshLink({
      pageUrl: `http://127.0.0.1:${port}`,
      supabase: { signIn: () => Promise.resolve({ accessToken: "token", subject: "user" }) },
    }, person));
}

const tryAgain = () =>
  Response.json({ type: "slow" }, { status: 502, headers: { "Retry-After": "0" } });
const link = () => Response.json({ url: "http://127.0.0.1/visit" }, { status: 201 });

Deno.test("dev requests a link again when the function says so", async () => {
  assert.equal((await ask(tryAgain(), tryAgain(), link())).url, "http://127.0.0.1/visit");
});

Deno.test("dev says why there is no link, and stops asking", async () => {
  await assert.rejects(ask(Response.json({ type: "why" }, { status: 401 }), link()), /401 why/);
  await assert.rejects(ask(Response.json({ type: "why" }, { status: 500 }), link()), /500 why/);
  await assert.rejects(ask(...Array.from({ length: 10 }, tryAgain), link()), /502 slow/);
});
