import assert from "node:assert/strict";
import {
  cookieOf,
  createVisit,
  openAndSpeak,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  statusOf,
  type TestVisit,
} from "../support/visits.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

const BROWSER = {
  Accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/147.0.0.0",
};
const byTap = { opens: "by-tap" };

async function problemOf(answer: Response): Promise<[number, string]> {
  return [answer.status, (await answer.json()).type.replace("urn:chime-page:problem:", "")];
}

/** The address that a join page's one form is posted to. */
async function formOf(answer: Response): Promise<string> {
  const text = await answer.text();
  const [, action] = /<form method="post" action="([^"]+)">/.exec(text) ?? [];
  assert.ok(action, text.slice(0, 300));
  return action;
}

/** What openings have left behind. */
async function traces(visit: TestVisit) {
  const [row] = await stack.supabase.sql(
    `select
       (select count(*) from chime_page.meetings where appointment_id = $1)::int as meetings,
       (select count(*) from chime_page.sessions where appointment_id = $1)::int as sessions,
       (select count(*) from chime_page.passes where appointment_id = $1 and opened_at is not null)::int
         as opened`,
    [visit.id],
  );
  return row;
}

/** Asks for a link with a body, and answers what came. */
function order(visit: TestVisit, body: BodyInit, type = "application/json") {
  return fetch(`${visit.url}/passes`, {
    method: "POST",
    headers: { Authorization: `Bearer ${visit.patient.token}`, "Content-Type": type },
    body,
  });
}

looseTest(
  "a link that travels shows Join to whoever fetches it, scanners too, and opens by the tap",
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
    assert.deepEqual(await traces(visit), { meetings: 0, sessions: 0, opened: 0 });

    const tap = await formOf(await fetch(url, { headers: BROWSER }));
    const page = await fetch(tap, { method: "POST", headers: BROWSER });
    assert.match(page.headers.get("set-cookie") ?? "", /^chime_page_session_/);
    assert.equal((await pageData(page)).self.role, "provider");
  },
);

looseTest(
  "after its tap a link shows Join again, which brings back its person and nobody else",
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
  "neither kind of link opens anything in the other's place, so the tap cannot be skipped",
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
    assert.deepEqual(await traces(visit), { meetings: 0, sessions: 0, opened: 0 });
    await openAndSpeak(`${visit.url}?pass=${pass}`);
    await openAndSpeak(`${visit.url}?link=${link}`, { method: "POST" });
  },
);

looseTest("a broken link is refused at once, and is no reason to ask a cookie", async () => {
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
  "a link that travels lives as long as is asked for, at most until the visit closes",
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

looseTest("an order for a link that says anything else is a bad request", async () => {
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
  assert.deepEqual(await traces(visit), { meetings: 0, sessions: 0, opened: 0 });
  for (const body of ["", "{}", '{"opens":"at-once"}']) {
    const answer = await order(visit, body);
    assert.match((await answer.json()).url, /\?pass=/, body);
  }
});

/** Sends a GET and closes the socket as soon as the database knows the opening, unanswered. */
async function loseAnswer(visit: TestVisit, url: string): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
    "Accept: text/html\r\n\r\n";
  await socket.write(new TextEncoder().encode(request));
  await until("the link is opened", async () => (await traces(visit))?.["opened"] !== 0);
  socket.close();
}

looseTest("a link whose answer was lost opens again", async () => {
  const visit = await createVisit(stack);
  const url = await passUrl(visit, visit.provider);
  await loseAnswer(visit, url);
  assert.equal((await openAndSpeak(url)).self.role, "provider");
  assert.deepEqual(await problemOf(await fetch(url)), [410, "pass-spent"]);
});

looseTest(
  "of two pages that one link opened the later one lives, and the earlier is shut out",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    const [first, second] = [await pageData(await fetch(url)), await pageData(await fetch(url))];
    assert.deepEqual([await statusOf(first), await statusOf(second)], [401, 200]);
    const post = (page: typeof first, route: string) =>
      fetch(`${page.api.base}/${route}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${page.api.session}` },
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

looseTest("each word of a page to the server uses its link up", async () => {
  const words = {
    status: { method: "GET" },
    join: { method: "POST" },
    end: { method: "POST" },
    events: { method: "POST" },
  };
  for (const [route, init] of Object.entries(words)) {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    const { api } = await pageData(await fetch(url));
    const answer = await fetch(`${api.base}/${route}`, {
      ...init,
      headers: { Authorization: `Bearer ${api.session}` },
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
  "a meeting that has to be replaced does not use the link up before its page has spoken",
  async () => {
    const visit = await createVisit(stack);
    const dead = (await pageData(await openByToken(visit, visit.provider))).join?.meeting.MeetingId;
    assert.ok(dead);
    stack.chime.faults.add({ kind: "end-meeting", meeting: dead });
    const url = await passUrl(visit, visit.provider);
    const replaced = await pageData(await fetch(url));
    assert.notEqual(replaced.join?.meeting.MeetingId, dead);
    const again = await openAndSpeak(url);
    assert.equal(again.join?.meeting.MeetingId, replaced.join?.meeting.MeetingId);
  },
);
