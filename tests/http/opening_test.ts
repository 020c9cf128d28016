import assert from "node:assert/strict";
import {
  bearer,
  cookieOf,
  createVisit,
  openByToken,
  pageData,
  passUrl,
  problemOf,
  startTestStack,
  statusOf,
  tabOf,
  traces,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

const html = { Accept: "text/html" };

looseTest(
  "a link opens once, a second browser gets 410, and a reload works by cookie",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    const first = await fetch(url, { headers: html });
    assert.equal(first.status, 200);
    const cookie = cookieOf(first);
    const page = await pageData(first);
    const [api, tab] = [page.api, tabOf(page)];
    assert.equal(await statusOf({ api }), 200);
    const second = await fetch(url);
    assert.deepEqual(await problemOf(second), [410, "pass-spent"]);
    for (const again of [url, visit.url, `${visit.url}?tab=${tab}`]) {
      const reload = await fetch(again, { headers: { ...html, Cookie: cookie } });
      assert.equal(reload.status, 200, again);
      assert.equal(reload.headers.get("set-cookie"), null);
      assert.equal((await pageData(reload)).api.session, api.session);
    }
  },
);

looseTest(
  "the language that a person chose on the page is used at the next opening",
  async () => {
    const visit = await createVisit(stack);
    const first = await fetch(await passUrl(visit, visit.provider), { headers: html });
    await first.body?.cancel();
    const said = async (chosen: string, query = "") => {
      const Cookie = `${cookieOf(first)}; chime-page-language=${chosen}`;
      const answer = await fetch(visit.url + query, { headers: { ...html, Cookie } });
      await answer.body?.cancel();
      return answer.headers.get("content-language");
    };
    assert.deepEqual([await said("ar"), await said("ar", "?lang=sw")], ["ar", "sw"]);
    assert.deepEqual([await said("xx"), await said("%00")], ["en", "en"]);
  },
);

looseTest(
  "a page keeps the language of ?lang= through the button of a link, a retry and a reload",
  async () => {
    const early = await createVisit(stack, { startsIn: 600 });
    const url = await passUrl(early, early.provider, { opens: "by-tap" });
    const asked = await (await fetch(`${url}&lang=sw`, { headers: html })).text();
    const action =
      /<form method="post" action="([^"]+)"/.exec(asked)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const tooEarly = await fetch(action, { method: "POST", headers: html });
    assert.equal(tooEarly.headers.get("content-language"), "sw");
    assert.match(await tooEarly.text(), /<form id="retry" method="post" action="[^"]+\?lang=sw"/);

    const visit = await createVisit(stack);
    const query = async (ending: string) => {
      const link = await passUrl(visit, visit.provider);
      return (await pageData(await fetch(link + ending, { headers: html }))).query;
    };
    assert.match(await query("&lang=sw"), /^tab=[0-9a-f]{8}&lang=sw$/);
    assert.match(await query("&lang=xx"), /^tab=[0-9a-f]{8}$/);
  },
);

looseTest("of twenty browsers that open one link at once exactly one stays in", async () => {
  const visit = await createVisit(stack);
  const url = await passUrl(visit, visit.provider);
  const pages = await Promise.all(
    Array.from({ length: 20 }, async () => await pageData(await fetch(url, { headers: html }))),
  );
  const statuses = await Promise.all(pages.map(statusOf));
  assert.deepEqual(statuses.sort(), [200, ...Array(19).fill(401)]);
  const late = await fetch(url, { headers: html });
  assert.equal(late.status, 410);
  await late.body?.cancel();
});

looseTest(
  "the cookie is limited to the visit's path, hidden from scripts, and opens no other visit",
  async () => {
    const [visit, other] = [await createVisit(stack), await createVisit(stack)];
    const opened = await openByToken(visit, visit.provider);
    await opened.body?.cancel();
    const cookie = opened.headers.get("set-cookie") ?? "";
    assert.match(
      cookie,
      new RegExp(
        `^chime_page_session_[0-9a-f]{8}=[\\w-]{43}; Max-Age=\\d+; Path=/functions/v1/chime-page/${visit.id}; ` +
          "HttpOnly; Secure; SameSite=None; Partitioned$",
      ),
    );
    const elsewhere = await fetch(other.url, { headers: { Cookie: cookieOf(opened) } });
    assert.equal(elsewhere.status, 401);
    await elsewhere.body?.cancel();
  },
);

looseTest("HEAD and prefetches open no link and create no meeting", async () => {
  const visit = await createVisit(stack);
  const url = await passUrl(visit, visit.provider);
  const head = await fetch(url, { method: "HEAD" });
  assert.equal(head.status, 200);
  for (const purpose of ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"]) {
    const answer = await fetch(url, { headers: { ...html, "Sec-Purpose": purpose } });
    // After an error a browser drops the prefetch and requests the page again on the tap.
    assert.equal(answer.status, 503, purpose);
    assert.equal(answer.headers.get("set-cookie"), null);
    await answer.body?.cancel();
  }
  assert.deepEqual(await traces(stack, visit), { meetings: 0, sessions: 0, opened: 0 });
  const real = await fetch(url, { headers: html });
  assert.equal(real.status, 200);
  await real.body?.cancel();
});

looseTest("a host that can only POST keeps its token out of the URL", async () => {
  const visit = await createVisit(stack);
  const form = new URLSearchParams({ access_token: visit.provider.token });
  const byForm = await fetch(visit.url, { method: "POST", body: form });
  assert.equal(byForm.status, 200);
  const byHeader = await fetch(visit.url, {
    method: "POST",
    headers: bearer(visit.provider.token),
  });
  assert.equal(byHeader.status, 200);
  await Promise.all([byForm, byHeader].map((one) => one.body?.cancel()));
});

looseTest("a pass is valid for two minutes, and not at another visit", async () => {
  const [visit, other] = [await createVisit(stack), await createVisit(stack)];
  const elsewhere = (await passUrl(visit, visit.provider)).replace(visit.id, other.id);
  const foreign = await fetch(elsewhere);
  assert.deepEqual(await problemOf(foreign), [401, "unauthenticated"]);
  assert.deepEqual(await traces(stack, other), { meetings: 0, sessions: 0, opened: 0 });

  const url = await passUrl(visit, visit.provider);
  await stack.supabase.sql(
    `update chime_page.passes set created_at = created_at - interval '2 minutes',
       expires_at = expires_at - interval '2 minutes' where appointment_id = $1`,
    [visit.id],
  );
  const late = await fetch(url);
  assert.deepEqual(await problemOf(late), [410, "pass-expired"]);
});

looseTest("a person who was too early needs no new pass when joining opens", async () => {
  const visit = await createVisit(stack, { startsIn: 60 });
  const early = await fetch(await passUrl(visit, visit.patient), { headers: html });
  assert.equal(early.status, 403);
  assert.match(await early.text(), /id="countdown"/);
  assert.ok(Number(early.headers.get("retry-after")) > 44 * 60);
  await stack.supabase.sql(
    "update public.visit_appointments set starts_at = now(), ends_at = now() + interval '1 h' where id = $1",
    [visit.id],
  );
  const later = await fetch(visit.url, { headers: { ...html, Cookie: cookieOf(early) } });
  assert.equal((await pageData(later)).state, "waiting");
});

looseTest("a page that was opened days before the visit still opens it in time", async () => {
  const days = 3 * 24 * 60;
  const visit = await createVisit(stack, { startsIn: days });
  const early = await fetch(await passUrl(visit, visit.patient), { headers: html });
  const session = /name="session" value="([\w-]{43})"/.exec(await early.text())?.[1] ?? "";
  const age = Number(/max-age=(\d+)/i.exec(early.headers.get("set-cookie") ?? "")?.[1]);
  assert.ok(age > days * 60, `the cookie lasts ${age} seconds`);
  const [row] = await stack.supabase.sql(
    `select expires_at >= a.ends_at as lasts from chime_page.sessions as s
       join public.visit_appointments as a on a.id = s.appointment_id where a.id = $1`,
    [visit.id],
  );
  assert.deepEqual(row, { lasts: true });
  // The visit is moved to the week after, which the page finds when it asks again.
  await stack.supabase.sql(
    `update public.visit_appointments set starts_at = starts_at + interval '7 days',
       ends_at = ends_at + interval '7 days' where id = $1`,
    [visit.id],
  );
  const again = await fetch(visit.url, {
    method: "POST",
    headers: html,
    body: new URLSearchParams({ session }),
  });
  await again.body?.cancel();
  assert.equal(again.status, 403);
  const moved = Number(/max-age=(\d+)/i.exec(again.headers.get("set-cookie") ?? "")?.[1]);
  assert.ok(moved > (days + 7 * 24 * 60) * 60, `the cookie lasts ${moved} seconds`);
});

looseTest(
  "without cookies the too-early page carries its own session for a retry",
  async () => {
    const visit = await createVisit(stack, { startsIn: 60 });
    const early = await fetch(await passUrl(visit, visit.provider), { headers: html });
    const text = await early.text();
    const [, action] = /<form id="retry" method="post" action="([^"]+)"/.exec(text) ?? [];
    const [, session] = /name="session" value="([\w-]{43})"/.exec(text) ?? [];
    assert.equal(action, visit.url);
    await stack.supabase.sql(
      "update public.visit_appointments set starts_at = now(), ends_at = now() + interval '1 h' where id = $1",
      [visit.id],
    );
    const later = await fetch(visit.url, {
      method: "POST",
      body: new URLSearchParams({ session: session ?? "" }),
    });
    assert.equal((await pageData(later)).state, "open");
  },
);

looseTest(
  "a person who is removed from the appointment is out at once, even with a session",
  async () => {
    const visit = await createVisit(stack);
    const opened = await openByToken(visit, visit.provider);
    await opened.body?.cancel();
    await stack.supabase.sql("delete from public.visit_participants where id = $1", [
      visit.provider.participantId,
    ]);
    const again = await fetch(visit.url, { headers: { Cookie: cookieOf(opened) } });
    assert.deepEqual(await problemOf(again), [404, "visit-not-found"]);
  },
);

looseTest(
  "another origin may read the page, and a preflight lists the allowed headers",
  async () => {
    const visit = await createVisit(stack);
    const preflight = await fetch(visit.url, {
      method: "OPTIONS",
      headers: {
        Origin: "https://app.example.org",
        "Access-Control-Request-Headers": "authorization",
      },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /authorization/);
    const page = await openByToken(visit, visit.provider, { Origin: "https://app.example.org" });
    assert.equal(page.headers.get("access-control-allow-origin"), "*");
    assert.equal(page.headers.get("access-control-allow-credentials"), null);
    await page.body?.cancel();
  },
);

looseTest("a hostile display name is text in the page", async () => {
  const name = "</script><img src=x onerror=alert(1)>\u2028\u202Eabc\u202C😀";
  const visit = await createVisit(stack, { patientName: name });
  const answer = await openByToken(visit, visit.provider);
  const text = await answer.clone().text();
  assert.ok(!text.includes("<img src=x"));
  const data = await pageData(answer);
  assert.ok(data.people.some((person) => person.name === name));
});

looseTest(
  "the page's language is that of ?lang=, the person, the browser, or English",
  async () => {
    const visit = await createVisit(stack, { patientLocale: "fr-CM" });
    const language = async (url: string, token: string, accept: string) => {
      const answer = await fetch(url, {
        headers: { ...html, Authorization: `Bearer ${token}`, "Accept-Language": accept },
      });
      await answer.body?.cancel();
      return answer.headers.get("content-language");
    };
    const { patient, provider } = visit;
    assert.equal(await language(`${visit.url}?lang=en`, patient.token, "fr"), "en");
    assert.equal(await language(visit.url, patient.token, "en"), "fr");
    assert.equal(await language(visit.url, provider.token, "de, fr;q=0.8, en;q=0.5"), "fr");
    assert.equal(await language(visit.url, provider.token, "de"), "en");
  },
);
