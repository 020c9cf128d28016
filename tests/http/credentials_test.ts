import assert from "node:assert/strict";
import { createIssuer, publishKeys } from "../support/issuer.ts";
import {
  bearer,
  createVisit,
  logLine,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  type TestPerson,
  type TestVisit,
} from "../support/visits.ts";
import {
  expiredToken,
  present,
  type Presented,
  queryOf,
  sessionCookie,
  spentLink,
  whose,
} from "./credentials.ts";
import { looseTest } from "../support/sanitizers.ts";

// An issuer of the same people as Supabase Auth, whose tokens come in another header.
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

const bearerOf = (token: string): Presented => ({ headers: bearer(token) });
const expired = ({ subject }: TestPerson) => expiredToken(stack.issuer, subject);

/** Makes a credential of a person. */
type Make = (visit: TestVisit, person: TestPerson) => Promise<Presented>;

async function expiredLink(visit: TestVisit, person: TestPerson, order?: Record<string, unknown>) {
  const url = await passUrl(visit, person, order);
  await stack.supabase.sql(
    `update chime_page.passes set expires_at = now() - interval '1 second'
     where appointment_id = $1 and participant_id = $2 and opened_at is null`,
    [visit.id, person.participantId],
  );
  return url;
}

async function revokedLink(visit: TestVisit, person: TestPerson) {
  const url = await passUrl(visit, person);
  await stack.supabase.sql(
    `update chime_page.passes set revoked_at = now()
     where appointment_id = $1 and participant_id = $2 and opened_at is null`,
    [visit.id, person.participantId],
  );
  return url;
}

/** Each opens the visit as its person, whoever's cookie comes with it. */
const valid: Record<string, Make> = {
  "bearer": (_, { token }) => Promise.resolve(bearerOf(token)),
  "issuer header": async (_, { subject }) => ({
    headers: { "x-clinic-token": await clinic.token(subject) },
  }),
  "form token": (_, { token }) => Promise.resolve({ form: { access_token: token } }),
  "pass": async (visit, person) => ({ query: queryOf(await passUrl(visit, person)) }),
  "form pass": async (visit, person) => ({
    form: { pass: queryOf(await passUrl(visit, person)).slice("pass=".length) },
  }),
  "by-tap link": async (visit, person) => ({
    query: queryOf(await passUrl(visit, person, { opens: "by-tap" })),
  }),
  "form session": async (visit, person) => ({
    form: { session: (await pageData(await openByToken(visit, person))).api.session },
  }),
};

/** Each opens nothing by itself, and falls back to a cookie of the same person. */
const outdated: Record<string, Make> = {
  "expired bearer": async (_, person) => bearerOf(await expired(person)),
  "expired issuer header": async (_, { subject }) => ({
    headers: { "x-clinic-token": await expiredToken(clinic, subject) },
  }),
  "expired form token": async (_, person) => ({
    form: { access_token: await expired(person) },
  }),
  "spent pass": async (visit, person) => ({ query: queryOf(await spentLink(visit, person)) }),
  "spent form pass": async (visit, person) => ({
    form: { pass: queryOf(await spentLink(visit, person)).slice("pass=".length) },
  }),
  "expired pass": async (visit, person) => ({ query: queryOf(await expiredLink(visit, person)) }),
  "expired by-tap link": async (visit, person) => ({
    query: queryOf(await expiredLink(visit, person, { opens: "by-tap" })),
  }),
  "revoked pass": async (visit, person) => ({ query: queryOf(await revokedLink(visit, person)) }),
};

/** Each identifies nobody, whatever cookie comes with it. */
const nobody: Record<string, Make> = {
  "unknown pass": () => Promise.resolve({ query: `pass=${"a".repeat(43)}` }),
  "unknown by-tap link": () => Promise.resolve({ query: `link=${"a".repeat(43)}` }),
  "unknown form pass": () => Promise.resolve({ form: { pass: "a".repeat(43) } }),
  "unknown form session": () => Promise.resolve({ form: { session: "a".repeat(43) } }),
  "malformed pass": () => Promise.resolve({ query: "pass=a" }),
  "malformed form session": () => Promise.resolve({ form: { session: "a" } }),
  "malformed bearer": () => Promise.resolve(bearerOf("a.b.c")),
  "malformed issuer header": () => Promise.resolve({ headers: { "x-clinic-token": "a.b.c" } }),
  "pass of another visit": async () => {
    const other = await createVisit(stack);
    return { query: queryOf(await passUrl(other, other.patient)) };
  },
  "forged expired bearer": async (_, { subject }) => {
    const forger = await createIssuer({ issuer: stack.issuer.issuer, audience: "authenticated" });
    return bearerOf(await expiredToken(forger, subject));
  },
  "expired bearer of a stranger": async () =>
    bearerOf(await expiredToken(stack.issuer, crypto.randomUUID())),
};

for (const [name, make] of Object.entries(valid)) {
  looseTest(
    `${name}: opens the visit as its own person, whoever's cookie comes with it`,
    async () => {
      const visit = await createVisit(stack);
      const { provider, patient } = visit;
      const cookies = [await sessionCookie(visit, provider), await sessionCookie(visit, patient)];
      for (const [person, role] of [[patient, "patient"], [provider, "provider"]] as const) {
        assert.equal(await whose(await present(visit, [await make(visit, person)])), role);
        assert.equal(
          await whose(await present(visit, [await make(visit, person), ...cookies])),
          role,
        );
      }
    },
  );
}

for (const [name, make] of Object.entries(outdated)) {
  looseTest(
    `${name}: falls back to a cookie of the same person, and to nobody else's`,
    async () => {
      const visit = await createVisit(stack);
      const { provider, patient } = visit;
      const [doctors, patients] = [
        await sessionCookie(visit, provider),
        await sessionCookie(visit, patient),
      ];
      const refused = /^4(01|10)$/;
      assert.match(await whose(await present(visit, [await make(visit, patient)])), refused);
      assert.match(
        await whose(await present(visit, [await make(visit, patient), doctors])),
        refused,
      );
      const own = await present(visit, [await make(visit, patient), patients]);
      assert.equal(await whose(own), "patient");
      // The provider's own cookie counts although it is not the last one.
      const both = await present(visit, [await make(visit, provider), doctors, patients]);
      assert.equal(await whose(both), "provider");
    },
  );
}

for (const [name, make] of Object.entries(nobody)) {
  looseTest(`${name}: lets nobody in, whoever's cookie comes with it`, async () => {
    const visit = await createVisit(stack);
    const { provider, patient } = visit;
    const cookies = [await sessionCookie(visit, provider), await sessionCookie(visit, patient)];
    for (const more of [[], cookies]) {
      assert.equal(await whose(await present(visit, [await make(visit, patient), ...more])), "401");
    }
  });
}

looseTest(
  "an expired token falls back to a link of the same person, and refuses another person's",
  async () => {
    const visit = await createVisit(stack);
    const { provider, patient } = visit;
    const token = bearerOf(await expired(patient));
    const pass = async (person: TestPerson) => ({ query: queryOf(await passUrl(visit, person)) });
    assert.equal(await whose(await present(visit, [token, await pass(provider)])), "401");
    assert.equal(await whose(await present(visit, [token, await pass(patient)])), "patient");
  },
);

looseTest("an expired token cannot create a link", async () => {
  const visit = await createVisit(stack);
  const answer = await fetch(`${visit.url}/passes`, {
    method: "POST",
    headers: {
      ...bearer(await expired(visit.patient)),
      Cookie: (await sessionCookie(visit, visit.patient)).cookie ?? "",
    },
  });
  assert.equal((await answer.json()).type, "urn:chime-page:problem:unauthenticated");
  const line = await logLine(stack, answer.headers.get("x-request-id"));
  assert.equal(line["reason"], "err-jwt-expired");
});
