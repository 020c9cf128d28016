import assert from "node:assert/strict";
import {
  cookieOf,
  createVisit,
  logLine,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  tabOf,
  traces,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const HOST = "https://app.example.org";
const EVIL = "https://evil.example";
const stack = await startTestStack({ environment: { CHIME_PAGE_FRAME_ANCESTORS: HOST } });
Deno.test.afterAll(() => stack.stop());

const html = { Accept: "text/html" };
/** The headers that a browser adds to a request of a page. */
const from = (site: string, mode: string, dest: string, origin?: string) => ({
  "Sec-Fetch-Site": site,
  "Sec-Fetch-Mode": mode,
  "Sec-Fetch-Dest": dest,
  ...(origin === undefined ? {} : { Origin: origin }),
});
const form = (origin: string, dest = "document") => from("cross-site", "navigate", dest, origin);
const picture = from("cross-site", "no-cors", "image");
const silentPost = from("cross-site", "no-cors", "empty", EVIL);

/** A visit whose provider has a cookie from before joining opened, and has not joined. */
async function visitWithCookie() {
  const visit = await createVisit(stack, { startsIn: 60 });
  const early = await openByToken(visit, visit.provider);
  await early.body?.cancel();
  await stack.supabase.sql(
    "update public.visit_appointments set starts_at = now(), ends_at = now() + interval '1 h' where id = $1",
    [visit.id],
  );
  return { visit, cookie: { Cookie: cookieOf(early) } };
}

looseTest("no request that another site makes a browser send acts with the cookie", async () => {
  const { visit, cookie } = await visitWithCookie();
  const attacks: Record<string, [string, Record<string, string>]> = {
    "a form": ["POST", form(EVIL)],
    "a form without an origin": ["POST", form("null")],
    "a form of a sibling site": ["POST", {
      ...form("https://x.example.org"),
      "Sec-Fetch-Site": "same-site",
    }],
    "a form in a frame": ["POST", form(EVIL, "iframe")],
    "a form of the host without a credential": ["POST", form(HOST)],
    "a no-cors POST": ["POST", silentPost],
    "an image": ["GET", picture],
    "a script": ["GET", from("cross-site", "no-cors", "script")],
    "an object": ["GET", from("cross-site", "navigate", "object")],
    "a form in an old browser": ["POST", { Origin: EVIL }],
    "a form without an origin in an old browser": ["POST", { Origin: "null" }],
    "a fetch in an old browser": ["GET", { Origin: EVIL }],
  };
  for (const [name, [method, headers]] of Object.entries(attacks)) {
    const answer = await fetch(visit.url, { method, headers: { ...html, ...headers, ...cookie } });
    assert.equal(answer.status, 401, name);
    assert.equal(answer.headers.get("set-cookie"), null, name);
    assert.doesNotMatch(await answer.text(), /visit-data|Amina/, name);
  }
  assert.deepEqual(await traces(stack, visit), { meetings: 0, sessions: 1, opened: 0 });
});

looseTest(
  "a visit that is opened from another site asks for a tap before it uses the cookie",
  async () => {
    const { visit, cookie } = await visitWithCookie();
    for (const dest of ["document", "iframe"]) {
      const answer = await fetch(visit.url, {
        headers: { ...html, ...cookie, ...from("cross-site", "navigate", dest) },
      });
      assert.equal(answer.status, 200);
      const text = await answer.text();
      assert.match(text, /<form method="post" action="[^"]+">/);
      assert.doesNotMatch(text, /visit-data|Amina|This link works only once/);
    }
    assert.deepEqual(await traces(stack, visit), { meetings: 0, sessions: 1, opened: 0 });
    const tap = await fetch(visit.url, {
      method: "POST",
      headers: { ...html, ...cookie, ...from("same-origin", "navigate", "document") },
    });
    assert.equal((await pageData(tap)).self.role, "provider");
  },
);

looseTest("the tap opens the visit as the person of the tab", async () => {
  const visit = await createVisit(stack);
  const doctor = await openByToken(visit, visit.provider);
  const patient = await openByToken(visit, visit.patient);
  const Cookie = `${cookieOf(doctor)}; ${cookieOf(patient)}`;
  const tab = tabOf(await pageData(doctor));
  await patient.body?.cancel();
  const join = await fetch(`${visit.url}?tab=${tab}`, {
    headers: { ...html, Cookie, ...from("cross-site", "navigate", "document") },
  });
  const [, action = ""] = /<form method="post" action="([^"]+)">/.exec(await join.text()) ?? [];
  const page = await fetch(action, {
    method: "POST",
    headers: { Cookie, ...from("same-origin", "navigate", "document") },
  });
  assert.equal((await pageData(page)).self.role, "provider");
});

looseTest("a form of another site cannot plant a session, whatever it contains", async () => {
  const visit = await createVisit(stack);
  const pass = async () =>
    new URL(await passUrl(visit, visit.patient)).searchParams.get("pass") ?? "";
  const { api } = await pageData(await openByToken(visit, visit.patient));
  const { sessions } = await traces(stack, visit) ?? {};
  const holds: Record<string, string>[] = [
    { access_token: visit.patient.token },
    { pass: await pass() },
    { session: api.session },
  ];
  for (
    const headers of [form(EVIL), form("null"), form(EVIL, "iframe"), silentPost, { Origin: EVIL }]
  ) {
    for (const body of holds) {
      const answer = await fetch(visit.url, {
        method: "POST",
        headers: { ...html, ...headers },
        body: new URLSearchParams(body),
      });
      assert.equal(answer.status, 401, JSON.stringify(headers));
      assert.equal(answer.headers.get("set-cookie"), null);
      await answer.body?.cancel();
      const line = await logLine(stack, answer.headers.get("x-request-id"));
      assert.equal(line["reason"], "other-site");
    }
    const link = await passUrl(visit, visit.patient, { opens: "by-tap" });
    for (const url of [link, await passUrl(visit, visit.patient)]) {
      const answer = await fetch(url, { method: "POST", headers: { ...html, ...headers } });
      assert.equal(answer.status, 401);
      await answer.body?.cancel();
    }
  }
  assert.equal((await traces(stack, visit))?.["sessions"], sessions);
});

looseTest(
  "a form without a known origin opens the page and sets no cookie",
  async () => {
    const visit = await createVisit(stack);
    const answer = await fetch(visit.url, {
      method: "POST",
      headers: { Origin: "null" },
      body: new URLSearchParams({ access_token: visit.patient.token }),
    });
    assert.equal(answer.headers.get("set-cookie"), null);
    assert.equal((await pageData(answer)).self.role, "patient");
  },
);

looseTest(
  "a host's form opens the page, in a frame and at the top, in old browsers too",
  async () => {
    const visit = await createVisit(stack);
    for (const headers of [form(HOST), form(HOST, "iframe"), { Origin: HOST }]) {
      const answer = await fetch(visit.url, {
        method: "POST",
        headers: { ...html, ...headers },
        body: new URLSearchParams({ access_token: visit.patient.token }),
      });
      assert.match(answer.headers.get("set-cookie") ?? "", /^chime_page_session_/);
      assert.equal((await pageData(answer)).self.role, "patient");
    }
  },
);

looseTest(
  "an app's web view opens the page by GET and by POST, with headers and with a form",
  async () => {
    const visit = await createVisit(stack);
    const Authorization = `Bearer ${visit.patient.token}`;
    const body = new URLSearchParams({ access_token: visit.patient.token });
    const own = from("none", "navigate", "document");
    const requests: Record<string, RequestInit> = {
      "GET with a header": { headers: { ...own, Authorization } },
      "POST with a header": { method: "POST", headers: { ...own, Origin: "null", Authorization } },
      "POST with a form": { method: "POST", headers: { ...own, Origin: "null" }, body },
      "an old engine's POST with a header": {
        method: "POST",
        headers: { Origin: "null", Authorization },
      },
      "an old engine's POST with a form": { method: "POST", body },
      "an app's own fetch": {
        headers: { Authorization, ...from("cross-site", "cors", "empty", EVIL) },
      },
    };
    for (const [name, init] of Object.entries(requests)) {
      const answer = await fetch(visit.url, init);
      assert.equal(answer.status, 200, name);
      assert.equal((await pageData(answer)).self.role, "patient");
    }
  },
);

looseTest(
  "a pass opens at once from a mail, a chat or a host's frame, and never from an image",
  async () => {
    const visit = await createVisit(stack);
    for (const dest of ["document", "iframe"]) {
      const answer = await fetch(await passUrl(visit, visit.patient), {
        headers: { ...html, ...from("cross-site", "navigate", dest) },
      });
      assert.equal((await pageData(answer)).self.role, "patient");
    }
    const url = await passUrl(visit, visit.patient);
    const hidden = await fetch(url, { headers: picture });
    assert.equal(hidden.status, 401);
    await hidden.body?.cancel();
    assert.equal((await fetch(url, { headers: html })).status, 200);
  },
);

looseTest(
  "a spent pass that is opened from another site brings its person back by their cookie",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.patient);
    const opened = await fetch(url);
    await pageData(opened.clone());
    const reload = await fetch(url, {
      headers: {
        ...html,
        Cookie: cookieOf(opened),
        ...from("cross-site", "navigate", "document"),
      },
    });
    assert.equal((await pageData(reload)).self.role, "patient");
  },
);
