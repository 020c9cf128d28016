import assert from "node:assert/strict";
import { freshLink } from "../../dev/links.ts";
import { withServer } from "../support/with_server.ts";

const person = { subject: "user", appointmentId: "a0000000-0000-4000-8000-000000000001" };

/** Requests a link from a function that gives these responses in order. */
async function ask(...answers: readonly Response[]) {
  const waiting = [...answers];
  const next = () => waiting.shift() ?? Response.json({ type: "nothing is left" }, { status: 404 });
  return await withServer(next, (port) =>
    freshLink(
      { pageUrl: `http://127.0.0.1:${port}`, tokenOf: () => Promise.resolve("token") },
      person,
    ));
}

const tryAgain = () =>
  Response.json({ type: "slow" }, { status: 502, headers: { "Retry-After": "0" } });
const link = () => Response.json({ url: "http://127.0.0.1/visit" }, { status: 201 });

Deno.test("dev requests a link again when the function says so", async () => {
  assert.deepEqual(await ask(tryAgain(), tryAgain(), link()), { url: "http://127.0.0.1/visit" });
});

Deno.test("dev says why there is no link, and stops asking", async () => {
  const problem = { type: "urn:chime-page:problem:visit-not-found", title: "Not found" };
  const refused = await ask(Response.json(problem, { status: 404 }), link());
  assert.ok("problem" in refused);
  assert.equal(refused.problem, "visit-not-found");
  assert.match(refused.detail, /chime_page\.participants has no row/);
  const broken = Response.json({ type: "why", title: "Because" }, { status: 500 });
  assert.deepEqual(await ask(broken, link()), { problem: "why", detail: "Because" });
  const slow = await ask(...Array.from({ length: 10 }, tryAgain), link());
  assert.ok("problem" in slow && slow.problem === "slow");
});
