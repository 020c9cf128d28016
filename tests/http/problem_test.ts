import assert from "node:assert/strict";
import { PROBLEM_NAMES } from "../../supabase/functions/_shared/problem.ts";
import {
  bearer,
  createVisit,
  logLine,
  openAndSpend,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  type TestVisit,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack({
  // Some of these tests wait for it.
  environment: { CHIME_PAGE_DEADLINE_SECONDS: "10" },
});
const broken = await startTestStack({ environment: { CHIME_SDK_CDN_URL: "ftp://nowhere" } });
Deno.test.afterAll(async () => {
  await stack.stop();
  await broken.stop();
});

/** A request that gets a problem. */
interface Case {
  readonly status: number;
  readonly request: () => Promise<Request>;
}

const opening = async (plan: Parameters<typeof createVisit>[1]) => {
  const visit = await createVisit(stack, plan);
  return new Request(visit.url, { headers: bearer(visit.patient.token) });
};
const session = async (visit: TestVisit, person: { token: string }) =>
  (await pageData(await openByToken(visit, person))).api.session;

const cases: Record<string, Case> = {
  "bad-request": {
    status: 400,
    request: () => Promise.resolve(new Request(`${stack.pageUrl}/not-a-uuid`)),
  },
  "unauthenticated": {
    status: 401,
    request: async () => new Request((await createVisit(stack)).url),
  },
  "pass-spent": {
    status: 410,
    request: async () => {
      const visit = await createVisit(stack);
      const url = await passUrl(visit, visit.provider);
      await openAndSpend(url);
      return new Request(url);
    },
  },
  "pass-expired": {
    status: 410,
    request: async () => {
      const visit = await createVisit(stack);
      const url = await passUrl(visit, visit.provider);
      await stack.supabase.sql(
        `update chime_page.passes set created_at = created_at - interval '3 minutes',
           expires_at = expires_at - interval '3 minutes' where appointment_id = $1`,
        [visit.id],
      );
      return new Request(url);
    },
  },
  "visit-not-found": {
    status: 404,
    request: async () => {
      const { token } = (await createVisit(stack)).provider;
      return new Request((await createVisit(stack)).url, { headers: bearer(token) });
    },
  },
  "too-early": { status: 403, request: () => opening({ startsIn: 120 }) },
  "visit-over": { status: 410, request: () => opening({ startsIn: -600 }) },
  "visit-cancelled": { status: 410, request: () => opening({ status: "cancelled" }) },
  "video-disabled": { status: 409, request: () => opening({ videoEnabled: false }) },
  "not-allowed": {
    status: 403,
    request: async () => {
      const visit = await createVisit(stack);
      const token = await session(visit, visit.patient);
      return new Request(`${visit.url}/end`, { method: "POST", headers: bearer(token) });
    },
  },
  "busy": {
    status: 503,
    request: async () => {
      const visit = await createVisit(stack);
      stack.chime.faults.add({
        kind: "error",
        operation: "CreateMeeting",
        error: "ThrottlingException",
        times: 100,
      });
      return new Request(visit.url, { headers: bearer(visit.provider.token) });
    },
  },
  "upstream-unavailable": {
    status: 502,
    request: async () => {
      const visit = await createVisit(stack);
      stack.chime.faults.add({ kind: "reset", operation: "CreateMeeting", times: 100 });
      return new Request(visit.url, { headers: bearer(visit.provider.token) });
    },
  },
  "misconfigured": {
    status: 500,
    request: async () =>
      new Request((await createVisit(stack)).url.replace(stack.pageUrl, broken.pageUrl)),
  },
  "visit-misconfigured": {
    status: 500,
    request: async () => {
      const visit = await createVisit(stack);
      await stack.supabase.sql(
        "update public.visit_appointments set media_region = 'xx-north-9' where id = $1",
        [visit.id],
      );
      return new Request(visit.url, { headers: bearer(visit.provider.token) });
    },
  },
  "payload-too-large": {
    status: 413,
    request: async () =>
      new Request((await createVisit(stack)).url, {
        method: "POST",
        body: new URLSearchParams({ access_token: "a".repeat(40_000) }),
      }),
  },
  "method-not-allowed": {
    status: 405,
    request: async () => new Request((await createVisit(stack)).url, { method: "DELETE" }),
  },
  "rate-limited": {
    status: 429,
    request: async () => {
      const visit = await createVisit(stack);
      for (let i = 0; i < 20; i++) await passUrl(visit, visit.provider);
      return new Request(`${visit.url}/passes`, {
        method: "POST",
        headers: bearer(visit.provider.token),
      });
    },
  },
  "browser-too-old": {
    status: 403,
    request: async () => {
      const visit = await createVisit(stack);
      return new Request(await passUrl(visit, visit.provider), {
        headers: { "User-Agent": "Mozilla/5.0 (Linux; Android 9; wv) Version/4.0 Chrome/83.0.1" },
      });
    },
  },
  "not-prefetched": {
    status: 503,
    request: async () => {
      const visit = await createVisit(stack);
      return new Request(await passUrl(visit, visit.provider), {
        headers: { "Sec-Purpose": "prefetch" },
      });
    },
  },
};

/** Problems that somebody else must solve. */
const TOLD = ["misconfigured", "visit-misconfigured", "upstream-unavailable"];

for (const [name, { status, request }] of Object.entries(cases)) {
  for (const accept of ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*"]) {
    const readers = accept === "*/*" ? "programs" : "people";
    looseTest(
      `${name} for ${readers}: status, headers, reference, and a log without secrets`,
      async () => {
        const asked = await request();
        const headers = new Headers(asked.headers);
        headers.set("Accept", accept);
        headers.set("Accept-Language", "fr");
        const answer = await fetch(new Request(asked, { headers }));
        stack.chime.faults.clear();
        const text = await answer.text();
        assert.equal(answer.status, status, text);
        await checkAnswer(answer, text, name, readers);
        const of = answer.url.startsWith(broken.baseUrl) ? broken : stack;
        const line = await logLine(of, answer.headers.get("x-request-id"));
        assert.equal(line["problem"], name);
        // An early person reads who the visit is with; the page is for them alone.
        const shown = name === "too-early" && readers === "people" ? ["Ngo Bassa"] : [];
        checkPrivacy(asked, JSON.stringify(line), text, shown);
        checkReference(text, line, name, readers);
      },
    );
  }
}

looseTest("this file has a case for every problem", () => {
  assert.deepEqual(Object.keys(cases).sort(), [...PROBLEM_NAMES].sort());
  return Promise.resolve();
});

async function checkAnswer(answer: Response, text: string, name: string, readers: string) {
  const header = (key: string) => answer.headers.get(key);
  const requestId = header("x-request-id");
  assert.match(requestId ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(header("cache-control"), "no-store");
  assert.equal(
    header("referrer-policy"),
    readers === "people" ? "same-origin" : "no-referrer",
  );
  assert.equal(header("x-content-type-options"), "nosniff");
  assert.match(header("strict-transport-security") ?? "", /max-age=31536000/);
  assert.equal(header("content-language"), "fr");
  if (["busy", "rate-limited", "too-early", "upstream-unavailable"].includes(name)) {
    assert.match(header("retry-after") ?? "", /^\d+$/);
  }
  if (name === "method-not-allowed") assert.equal(header("allow"), "GET, HEAD, POST, OPTIONS");
  assert.ok(text.includes(requestId ?? "?"), "the reference is in the response");
  if (readers === "programs") {
    assert.equal(header("content-type"), "application/problem+json");
    const body = JSON.parse(text);
    assert.equal(body.type, `urn:chime-page:problem:${name}`);
    assert.equal(body.status, answer.status);
    for (const key of ["title", "detail", "nextStep"]) assert.ok(body[key].length > 3, key);
  } else {
    assert.match(header("content-type") ?? "", /^text\/html/);
    assert.match(text, /<html lang="fr"/);
    const policy = header("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
    assert.match(text, /http-equiv="Content-Security-Policy"/i);
    assert.ok(header("permissions-policy"));
  }
  await Promise.resolve();
}

/** People see a reference where somebody must be told, and the log has the same one. */
function checkReference(
  text: string,
  line: Readonly<Record<string, unknown>>,
  name: string,
  readers: string,
) {
  const reference = String(line["reference"]);
  assert.match(reference, /^[0-9A-F]{4}-[0-9A-F]{4}$/);
  if (readers === "programs") assert.equal(JSON.parse(text).reference, reference);
  else assert.equal(text.includes(reference), TOLD.includes(name));
}

/** Neither log nor response contains a token, a name or a stack trace. */
function checkPrivacy(request: Request, line: string, text: string, shown: readonly string[]) {
  const pass = new URL(request.url).searchParams.get("pass");
  const token = request.headers.get("authorization")?.split(" ")[1];
  for (const secret of [pass, token, "Amina", "Ngo Bassa"]) {
    if (!secret) continue;
    assert.ok(!line.includes(secret), "in the log");
    assert.equal(text.includes(secret), shown.includes(secret), "in the response");
  }
  assert.doesNotMatch(text, /\bat .+\.ts:\d+|Error:/);
}
