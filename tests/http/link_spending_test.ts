import assert from "node:assert/strict";
import {
  bearer,
  createVisit,
  openAndSpend,
  openByToken,
  pageData,
  passUrl,
  problemOf,
  startTestStack,
  statusOf,
  type TestVisit,
  traces,
} from "../support/visits.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

/** Sends a GET and closes the socket once the opening is in the database, before the response. */
async function loseAnswer(visit: TestVisit, url: string): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
    "Accept: text/html\r\n\r\n";
  await socket.write(new TextEncoder().encode(request));
  await until("the opened link", async () => (await traces(stack, visit))?.["opened"] !== 0);
  socket.close();
}

looseTest("a link whose response was lost opens again", async () => {
  const visit = await createVisit(stack);
  const url = await passUrl(visit, visit.provider);
  await loseAnswer(visit, url);
  assert.equal((await openAndSpend(url)).self.role, "provider");
  assert.deepEqual(await problemOf(await fetch(url)), [410, "pass-spent"]);
});

looseTest(
  "of two pages that one link opened, the later one works and the earlier one is shut out",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    const [first, second] = [await pageData(await fetch(url)), await pageData(await fetch(url))];
    assert.deepEqual([await statusOf(first), await statusOf(second)], [401, 200]);
    const post = (page: typeof first, route: string) =>
      fetch(`${page.api.base}/${route}`, {
        method: "POST",
        headers: bearer(page.api.session),
        ...(route === "events"
          ? { body: JSON.stringify({ session: page.api.session, events: [{ name: "x", at: 1 }] }) }
          : {}),
      });
    for (const route of ["join", "end", "events"]) {
      const answer = await post(first, route);
      assert.deepEqual(await problemOf(answer), [401, "unauthenticated"], route);
    }
  },
);

looseTest("each request of a page to the server spends its link", async () => {
  const requests = {
    status: { method: "GET" },
    join: { method: "POST" },
    end: { method: "POST" },
    events: { method: "POST" },
  };
  for (const [route, init] of Object.entries(requests)) {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    const { api } = await pageData(await fetch(url));
    const answer = await fetch(`${api.base}/${route}`, {
      ...init,
      headers: bearer(api.session),
      ...(route === "events"
        ? { body: JSON.stringify({ session: api.session, events: [{ name: "x", at: 1 }] }) }
        : {}),
    });
    assert.ok(answer.ok, route);
    await answer.body?.cancel();
    assert.deepEqual(await problemOf(await fetch(url)), [410, "pass-spent"], route);
  }
});

looseTest(
  "replacing a dead meeting does not spend the link before the page's first request",
  async () => {
    const visit = await createVisit(stack);
    const dead = (await pageData(await openByToken(visit, visit.provider))).join?.meeting.MeetingId;
    assert.ok(dead);
    stack.chime.faults.add({ kind: "end-meeting", meeting: dead });
    const url = await passUrl(visit, visit.provider);
    const replaced = await pageData(await fetch(url));
    assert.notEqual(replaced.join?.meeting.MeetingId, dead);
    const again = await openAndSpend(url);
    assert.equal(again.join?.meeting.MeetingId, replaced.join?.meeting.MeetingId);
  },
);
