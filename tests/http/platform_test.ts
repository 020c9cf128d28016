import assert from "node:assert/strict";
import { type Platform, preparePlatform } from "../support/platform.ts";
import {
  bearer,
  createVisit,
  logLine,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const platform: Platform = await preparePlatform();
const stack = await startTestStack({
  run: {
    deno: platform.deno,
    flags: platform.flags,
    supabaseDir: platform.supabaseDir,
    worker: platform.worker,
  },
});
Deno.test.afterAll(async () => {
  await stack.stop();
  await platform.remove();
});

looseTest("the platform's Deno runs the function from a copy of supabase/ alone", async () => {
  const { code, stdout } = await new Deno.Command(platform.deno, { args: ["--version"] }).output();
  assert.equal(code, 0);
  assert.match(new TextDecoder().decode(stdout), /^deno 2\.1\.4 /);
  const visit = await createVisit(stack);
  const url = await passUrl(visit, visit.provider);
  const page = await fetch(url, { headers: { Accept: "text/html" } });
  assert.equal(page.status, 200);
  const line = await logLine(stack, page.headers.get("x-request-id"));
  assert.equal(line["roundTrips"], 3);
  const provider = await pageData(page);
  const patient = await pageData(await openByToken(visit, visit.patient));
  assert.equal(provider.join?.meeting.MeetingId, patient.join?.meeting.MeetingId);
  const end = await fetch(`${visit.url}/end`, {
    method: "POST",
    headers: bearer(provider.api.session),
  });
  assert.equal(end.status, 204);
  assert.equal((await fetch(url)).status, 410);
});

looseTest(
  "on the platform's Deno a problem is a page for people and JSON for programs",
  async () => {
    const visit = await createVisit(stack, { status: "cancelled" });
    const page = await openByToken(visit, visit.patient);
    assert.equal(page.status, 410);
    assert.match(await page.text(), /^<!doctype html>/i);
    const json = await openByToken(visit, visit.patient, { Accept: "*/*" });
    assert.equal((await json.json()).type, "urn:chime-page:problem:visit-cancelled");
  },
);
