import assert from "node:assert/strict";
import {
  cookieOf,
  createVisit,
  openAndSpend,
  pageData,
  passUrl,
  problemOf,
  startTestStack,
  statusOf,
  type TestVisit,
  traces,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

const BROWSER = {
  Accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/147.0.0.0",
};
const byTap = { opens: "by-tap" };

/** The address of a join page's form. */
async function formOf(answer: Response): Promise<string> {
  const text = await answer.text();
  const [, action] = /<form method="post" action="([^"]+)">/.exec(text) ?? [];
  assert.ok(action, text.slice(0, 300));
  return action;
}

/** Requests a link with a body. */
function order(visit: TestVisit, body: BodyInit, type = "application/json") {
  return fetch(`${visit.url}/passes`, {
    method: "POST",
    headers: { Authorization: `Bearer ${visit.patient.token}`, "Content-Type": type },
    body,
  });
}

looseTest(
  "a by-tap link shows Join to anyone who fetches it, scanners included, and opens on the tap",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider, byTap);
    assert.match(url, new RegExp(`^${visit.url}\\?link=[\\w-]{43}$`));
    const fetchers = [
      BROWSER,
      { Accept: "*/*", "User-Agent": "WhatsApp/2.23.20.0 A" },
      { Accept: "application/json" },
      { ...BROWSER, Authorization: `Bearer ${visit.provider.token}` },
    ];
    for (const headers of fetchers) {
      for (const method of ["HEAD", "GET"]) {
        const answer = await fetch(url, { method, headers });
        const text = await answer.text();
        assert.deepEqual([answer.status, answer.headers.get("set-cookie")], [200, null]);
        assert.doesNotMatch(text, /visit-data|Ngo Bassa|Amina|"session"/);
        if (method === "GET") assert.match(text, /Join the visit/);
      }
    }
    assert.deepEqual(await traces(stack, visit), { meetings: 0, sessions: 0, opened: 0 });

    const tap = await formOf(await fetch(url, { headers: BROWSER }));
    const page = await fetch(tap, { method: "POST", headers: BROWSER });
    assert.match(page.headers.get("set-cookie") ?? "", /^chime_page_session_/);
    assert.equal((await pageData(page)).self.role, "provider");
  },
);

looseTest(
  "after its tap a by-tap link shows Join again, which lets back its person and nobody else",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider, byTap);
    const first = await fetch(url, { method: "POST", headers: BROWSER });
    const Cookie = cookieOf(first);
    await statusOf(await pageData(first));
    assert.equal((await fetch(url, { headers: BROWSER })).status, 200);
    const again = await fetch(url, { method: "POST", headers: { ...BROWSER, Cookie } });
    assert.equal((await pageData(again)).self.role, "provider");
    const stranger = await fetch(url, { method: "POST" });
    assert.deepEqual(await problemOf(stranger), [410, "pass-spent"]);
  },
);

looseTest(
  "neither kind of link works in place of the other, so the tap cannot be skipped",
  async () => {
    const visit = await createVisit(stack);
    const secretOf = (url: string) => new URL(url).search.replace(/^\?\w+=/, "");
    const link = secretOf(await passUrl(visit, visit.provider, byTap));
    const pass = secretOf(await passUrl(visit, visit.provider));
    const refused = [401, "unauthenticated"];
    assert.deepEqual(await problemOf(await fetch(`${visit.url}?pass=${link}`)), refused);
    const post = (query: string, body?: URLSearchParams) =>
      fetch(`${visit.url}${query}`, { method: "POST", ...(body ? { body } : {}) });
    assert.deepEqual(await problemOf(await post(`?pass=${link}`)), refused);
    assert.deepEqual(await problemOf(await post("", new URLSearchParams({ pass: link }))), refused);
    assert.deepEqual(await problemOf(await post("", new URLSearchParams({ link }))), refused);
    assert.deepEqual(await problemOf(await post(`?link=${pass}`)), refused);
    assert.deepEqual(await traces(stack, visit), { meetings: 0, sessions: 0, opened: 0 });
    await openAndSpend(`${visit.url}?pass=${pass}`);
    await openAndSpend(`${visit.url}?link=${link}`, { method: "POST" });
  },
);

looseTest("a malformed link is refused at once, even with a session cookie", async () => {
  const visit = await createVisit(stack);
  const opened = await fetch(await passUrl(visit, visit.provider));
  await opened.body?.cancel();
  const headers = { Cookie: cookieOf(opened) };
  for (const query of ["?link=", "?link=short", "?pass=", "?pass=short"]) {
    const answer = await fetch(visit.url + query, { headers });
    assert.deepEqual(await problemOf(answer), [401, "unauthenticated"], query);
  }
});

looseTest(
  "a by-tap link is valid as long as requested, at most until the visit closes",
  async () => {
    const visit = await createVisit(stack, { startsIn: 60 * 24 });
    const minutesLeft = async (more: Record<string, unknown>) => {
      const answer = await order(visit, JSON.stringify({ ...byTap, ...more }));
      assert.equal(answer.status, 201);
      const { expiresAt } = await answer.json();
      return Math.round((Date.parse(expiresAt) - Date.now()) / 60_000);
    };
    const closes = 60 * 24 + 30 + 60;
    assert.equal(await minutesLeft({}), closes);
    assert.equal(await minutesLeft({ minutes: 45 }), 45);
    const expiresAt = new Date(Date.now() + 90 * 60_000).toISOString();
    assert.equal(await minutesLeft({ expiresAt }), 90);
    assert.equal(await minutesLeft({ minutes: 60 * 24 * 30 }), closes);
  },
);

looseTest("any other request for a link is a bad request", async () => {
  const visit = await createVisit(stack);
  const past = new Date(Date.now() - 1000).toISOString();
  const bad: unknown[] = [
    null,
    [],
    "by-tap",
    { opens: "by-magic" },
    { opens: null },
    { opens: "by-tap", minutes: 0 },
    { opens: "by-tap", minutes: 1.5 },
    { opens: "by-tap", minutes: 1e308 },
    { opens: "by-tap", minutes: "45" },
    { opens: "by-tap", expiresAt: past },
    { opens: "by-tap", expiresAt: "tomorrow" },
    { opens: "by-tap", expiresAt: 1_900_000_000_000 },
    { opens: "by-tap", minutes: 5, expiresAt: "2999-01-01T00:00:00Z" },
    { opens: "by-tap", life: "long" },
    { opens: "at-once", minutes: 5 },
    { minutes: 5 },
  ];
  const refused = [400, "bad-request"];
  for (const body of bad) {
    const answer = await order(visit, JSON.stringify(body));
    assert.deepEqual(await problemOf(answer), refused, JSON.stringify(body));
  }
  assert.deepEqual(await problemOf(await order(visit, "{")), refused);
  assert.deepEqual(await problemOf(await order(visit, "opens=by-tap", "text/plain")), refused);
  assert.deepEqual(await traces(stack, visit), { meetings: 0, sessions: 0, opened: 0 });
  for (const body of ["", "{}", '{"opens":"at-once"}']) {
    const answer = await order(visit, body);
    assert.match((await answer.json()).url, /\?pass=/, body);
  }
});
