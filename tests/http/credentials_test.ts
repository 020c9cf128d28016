import assert from "node:assert/strict";
import { createIssuer, publishKeys } from "../support/issuer.ts";
import {
  cookieOf,
  createVisit,
  logLine,
  openAndSpeak,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  statusOf,
  type TestPerson,
  type TestVisit,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

// Supabase Auth's own people, by tokens that come in a header of their own.
const clinic = await createIssuer({ issuer: "http://localhost/auth/v1", audience: "visits" });
const keys = publishKeys(clinic);
const stack = await startTestStack({
  environment: {
    CHIME_PAGE_TRUSTED_ISSUERS: JSON.stringify([{
      issuer: clinic.issuer,
      audience: clinic.audience,
      jwks: keys.url,
      header: "x-clinic-token",
    }]),
  },
});
Deno.test.afterAll(async () => {
  await stack.stop();
  await keys.stop();
});

/** What a request brings; all of it is put together into one. */
interface Brought {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string;
  readonly form?: Readonly<Record<string, string>>;
}

const past = () => Math.floor(Date.now() / 1000) - 7200;
const expiredToken = ({ subject }: TestPerson) =>
  stack.issuer.token(subject, { iat: past(), exp: past() + 3600 });

/** Opens the visit with everything that is brought. */
function bring(visit: TestVisit, parts: readonly Brought[]): Promise<Response> {
  const form = parts.flatMap((part) => Object.entries(part.form ?? {}));
  const posts = form.length > 0 || parts.some((part) => part.query?.startsWith("link="));
  const query = parts.flatMap((part) => part.query ?? []).join("&");
  const cookies = parts.flatMap((part) => part.cookie ?? []);
  return fetch(`${visit.url}?${query}`, {
    method: posts ? "POST" : "GET",
    headers: {
      ...Object.assign({}, ...parts.map((part) => part.headers ?? {})),
      ...(cookies.length > 0 ? { Cookie: cookies.join("; ") } : {}),
    },
    ...(form.length > 0 ? { body: new URLSearchParams(form) } : {}),
  });
}

/** Whose page an answer is, or the status of its refusal. */
async function whose(answer: Response): Promise<string> {
  if (answer.status === 200) return (await pageData(answer)).self.role;
  await answer.body?.cancel();
  return String(answer.status);
}

const queryOf = (url: string) => new URL(url).search.slice(1);

/** A credential of a person, made anew for each case. */
type Make = (visit: TestVisit, person: TestPerson) => Promise<Brought>;

async function usedUp(visit: TestVisit, person: TestPerson): Promise<string> {
  const url = await passUrl(visit, person);
  await openAndSpeak(url);
  return url;
}

async function tooOld(visit: TestVisit, person: TestPerson, order?: Record<string, unknown>) {
  const url = await passUrl(visit, person, order);
  await stack.supabase.sql(
    `update chime_page.passes set expires_at = now() - interval '1 second'
     where appointment_id = $1 and participant_id = $2 and opened_at is null`,
    [visit.id, person.participantId],
  );
  return url;
}

async function takenBack(visit: TestVisit, person: TestPerson) {
  const url = await passUrl(visit, person);
  await stack.supabase.sql(
    `update chime_page.passes set revoked_at = now()
     where appointment_id = $1 and participant_id = $2 and opened_at is null`,
    [visit.id, person.participantId],
  );
  return url;
}

const cookie: Make = async (visit, person) => {
  const opened = await openByToken(visit, person);
  await opened.body?.cancel();
  return { cookie: cookieOf(opened) };
};

/** Each opens the visit for its person, whoever else's cookie comes along. */
const live: Record<string, Make> = {
  "bearer": (_, { token }) => Promise.resolve({ headers: { Authorization: `Bearer ${token}` } }),
  "issuer header": async (_, { subject }) => ({
    headers: { "x-clinic-token": await clinic.token(subject) },
  }),
  "form token": (_, { token }) => Promise.resolve({ form: { access_token: token } }),
  "pass": async (visit, person) => ({ query: queryOf(await passUrl(visit, person)) }),
  "form pass": async (visit, person) => ({
    form: { pass: queryOf(await passUrl(visit, person)).slice("pass=".length) },
  }),
  "tapped link": async (visit, person) => ({
    query: queryOf(await passUrl(visit, person, { opens: "by-tap" })),
  }),
  "form session": async (visit, person) => ({
    form: { session: (await pageData(await openByToken(visit, person))).api.session },
  }),
};

/** Each opens nothing by itself, and leaves it to a cookie of the same person. */
const over: Record<string, Make> = {
  "expired bearer": async (_, person) => ({
    headers: { Authorization: `Bearer ${await expiredToken(person)}` },
  }),
  "expired issuer header": async (_, { subject }) => ({
    headers: { "x-clinic-token": await clinic.token(subject, { iat: past(), exp: past() + 60 }) },
  }),
  "expired form token": async (_, person) => ({
    form: { access_token: await expiredToken(person) },
  }),
  "used pass": async (visit, person) => ({ query: queryOf(await usedUp(visit, person)) }),
  "used form pass": async (visit, person) => ({
    form: { pass: queryOf(await usedUp(visit, person)).slice("pass=".length) },
  }),
  "old pass": async (visit, person) => ({ query: queryOf(await tooOld(visit, person)) }),
  "old tapped link": async (visit, person) => ({
    query: queryOf(await tooOld(visit, person, { opens: "by-tap" })),
  }),
  "revoked pass": async (visit, person) => ({ query: queryOf(await takenBack(visit, person)) }),
};

/** Each names nobody at all, and no cookie makes that good. */
const nobody: Record<string, Make> = {
  "unknown pass": () => Promise.resolve({ query: `pass=${"a".repeat(43)}` }),
  "unknown tapped link": () => Promise.resolve({ query: `link=${"a".repeat(43)}` }),
  "unknown form pass": () => Promise.resolve({ form: { pass: "a".repeat(43) } }),
  "unknown form session": () => Promise.resolve({ form: { session: "a".repeat(43) } }),
  "broken pass": () => Promise.resolve({ query: "pass=a" }),
  "broken form session": () => Promise.resolve({ form: { session: "a" } }),
  "senseless bearer": () => Promise.resolve({ headers: { Authorization: "Bearer a.b.c" } }),
  "senseless issuer header": () => Promise.resolve({ headers: { "x-clinic-token": "a.b.c" } }),
  "pass of another visit": async () => {
    const other = await createVisit(stack);
    return { query: queryOf(await passUrl(other, other.patient)) };
  },
  "forged expired bearer": async (_, { subject }) => {
    const forger = await createIssuer({ issuer: stack.issuer.issuer, audience: "authenticated" });
    const token = await forger.token(subject, { iat: past(), exp: past() + 3600 });
    return { headers: { Authorization: `Bearer ${token}` } };
  },
  "expired bearer of a stranger": async () => ({
    headers: {
      Authorization: `Bearer ${await stack.issuer.token(crypto.randomUUID(), {
        iat: past(),
        exp: past() + 3600,
      })}`,
    },
  }),
};

for (const [name, make] of Object.entries(live)) {
  looseTest(`${name}: opens for its own person, whoever's cookie comes with it`, async () => {
    const visit = await createVisit(stack);
    const { provider, patient } = visit;
    const cookies = [await cookie(visit, provider), await cookie(visit, patient)];
    for (const [person, role] of [[patient, "patient"], [provider, "provider"]] as const) {
      assert.equal(await whose(await bring(visit, [await make(visit, person)])), role);
      assert.equal(await whose(await bring(visit, [await make(visit, person), ...cookies])), role);
    }
  });
}

for (const [name, make] of Object.entries(over)) {
  looseTest(`${name}: falls back to a cookie of its own person and to nobody else's`, async () => {
    const visit = await createVisit(stack);
    const { provider, patient } = visit;
    const [doctors, patients] = [await cookie(visit, provider), await cookie(visit, patient)];
    const refused = /^4(01|10)$/;
    assert.match(await whose(await bring(visit, [await make(visit, patient)])), refused);
    assert.match(await whose(await bring(visit, [await make(visit, patient), doctors])), refused);
    const own = await bring(visit, [await make(visit, patient), patients]);
    assert.equal(await whose(own), "patient");
    // The doctor's cookie is not the last one; it is theirs all the same.
    const both = await bring(visit, [await make(visit, provider), doctors, patients]);
    assert.equal(await whose(both), "provider");
  });
}

for (const [name, make] of Object.entries(nobody)) {
  looseTest(`${name}: brings nobody in, whoever's cookie comes with it`, async () => {
    const visit = await createVisit(stack);
    const { provider, patient } = visit;
    const cookies = [await cookie(visit, provider), await cookie(visit, patient)];
    for (const more of [[], cookies]) {
      assert.equal(await whose(await bring(visit, [await make(visit, patient), ...more])), "401");
    }
  });
}

looseTest(
  "an expired token leaves it to a link of the same person, and refuses another's",
  async () => {
    const visit = await createVisit(stack);
    const { provider, patient } = visit;
    const token = { headers: { Authorization: `Bearer ${await expiredToken(patient)}` } };
    const pass = async (person: TestPerson) => ({ query: queryOf(await passUrl(visit, person)) });
    assert.equal(await whose(await bring(visit, [token, await pass(provider)])), "401");
    assert.equal(await whose(await bring(visit, [token, await pass(patient)])), "patient");
  },
);

looseTest("an expired token makes no link", async () => {
  const visit = await createVisit(stack);
  const answer = await fetch(`${visit.url}/passes`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${await expiredToken(visit.patient)}`,
      Cookie: (await cookie(visit, visit.patient)).cookie ?? "",
    },
  });
  assert.equal((await answer.json()).type, "urn:chime-page:problem:unauthenticated");
  const line = await logLine(stack, answer.headers.get("x-request-id"));
  assert.equal(line["reason"], "err-jwt-expired");
});

looseTest(
  "somebody else's used link does not open the visit as the cookie's person, nor end it",
  async () => {
    const visit = await createVisit(stack);
    const doctor = await openByToken(visit, visit.provider);
    const page = await pageData(doctor);
    const link = await usedUp(visit, visit.patient);
    const answer = await fetch(link, { headers: { Cookie: cookieOf(doctor) } });
    assert.equal(answer.status, 410);
    const text = await answer.text();
    assert.doesNotMatch(text, /visit-data|Ngo Bassa/);
    assert.ok(!text.includes(page.api.session));
    assert.equal(await statusOf(page), 200);
  },
);

looseTest(
  "each tab's address brings back its own person, and a bare one whoever came last",
  async () => {
    const visit = await createVisit(stack);
    const jar = new Map<string, string>();
    const opened = async (person: TestPerson) => {
      const answer = await openByToken(visit, person);
      const [name = "", value = ""] = cookieOf(answer).split("=");
      jar.set(name, value);
      return await pageData(answer);
    };
    const [doctor, patient] = [await opened(visit.provider), await opened(visit.patient)];
    assert.equal(jar.size, 2);
    const Cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const reload = async (query: string) =>
      await whose(await fetch(visit.url + query, { headers: { Cookie } }));
    assert.notEqual(doctor.tab, patient.tab);
    assert.match(doctor.tab, /^[0-9a-f]{8}$/);
    assert.equal(await reload(`?tab=${doctor.tab}`), "provider");
    assert.equal(await reload(`?tab=${patient.tab}`), "patient");
    assert.equal(await reload(""), "patient");
    for (const tab of ["00000000", "", "_", "../x", `${doctor.tab},${patient.tab}`]) {
      assert.equal(await reload(`?tab=${encodeURIComponent(tab)}`), "401", tab);
    }
  },
);

looseTest("a tab whose session has ended does not become another person's", async () => {
  const visit = await createVisit(stack);
  const doctor = await openByToken(visit, visit.provider);
  const patient = await cookie(visit, visit.patient);
  const { tab } = await pageData(doctor.clone());
  await stack.supabase.sql("select chime_page.revoke($1, $2)", [
    visit.id,
    visit.provider.participantId,
  ]);
  const Cookie = `${cookieOf(doctor)}; ${patient.cookie}`;
  const reload = await fetch(`${visit.url}?tab=${tab}`, { headers: { Cookie } });
  assert.equal(await whose(reload), "401");
});

looseTest(
  "a cookie of version 0.1 brings its person back, and becomes one of their own",
  async () => {
    const visit = await createVisit(stack);
    const { api, tab } = await pageData(await openByToken(visit, visit.provider));
    const Cookie = `chime_page_session=${api.session}`;
    const reload = await fetch(visit.url, { headers: { Cookie } });
    assert.equal(cookieOf(reload), `chime_page_session_${tab}=${api.session}`);
    assert.equal((await pageData(reload)).api.session, api.session);
  },
);

looseTest(
  "a page that could not be opened asks again by an address only for the person it was for",
  async () => {
    const visit = await createVisit(stack);
    const doctor = await cookie(visit, visit.provider);
    const patients = await pageData(await openByToken(visit, visit.patient));
    const cases: readonly [string, Brought, RegExp][] = [
      ["a cookie", {}, /name="session"|href=""/],
      ["a token of the patient", {
        headers: { Authorization: `Bearer ${visit.patient.token}` },
      }, /^(?!.*href="")/s],
      ["a form of the patient", { form: { access_token: visit.patient.token } }, /^(?!.*href="")/s],
      ["the patient's session", { form: { session: patients.api.session } }, /name="session"/],
    ];
    await stack.supabase.sql(
      "alter function public.chime_page_open rename to chime_page_open_away",
    );
    try {
      for (const [name, brought, expected] of cases) {
        const html = { headers: { Accept: "text/html", ...brought.headers } };
        const answer = await bring(visit, [{ ...brought, ...html }, doctor]);
        assert.equal(answer.status, 502, name);
        assert.match(await answer.text(), expected, name);
      }
    } finally {
      await stack.supabase.sql(
        "alter function public.chime_page_open_away rename to chime_page_open",
      );
    }
  },
);
