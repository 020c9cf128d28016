import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createIssuer, publishKeys } from "../support/issuer.ts";
import { bearer, cookieOf, createVisit, logLine, startTestStack } from "../support/visits.ts";
import { demoPeople } from "../../dev/supabase/demo_people.ts";
import { looseTest } from "../support/sanitizers.ts";

const firebaseNames = {
  issuer: "https://securetoken.google.com/demo-visits",
  audience: "demo-visits",
  alg: "RS256",
} as const;
const firebase = await createIssuer(firebaseNames);
const keys = publishKeys(firebase);
const stack = await startTestStack({
  // Demo people have real sign-ins, whose legacy tokens the Auth server must check.
  seedFile: fileURLToPath(new URL("../../supabase/seed.sql", import.meta.url)),
  environment: {
    CHIME_PAGE_TRUSTED_ISSUERS: JSON.stringify([{
      issuer: firebase.issuer,
      audience: firebase.audience,
      jwks: keys.url,
      header: "x-firebase-token",
    }]),
  },
});
Deno.test.afterAll(async () => {
  await stack.stop();
  await keys.stop();
});

async function statusOf(url: string, headers: Record<string, string>, reason?: string) {
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  if (reason !== undefined) {
    assert.match(text, /problem:/);
    const line = await logLine(stack, answer.headers.get("x-request-id"));
    assert.equal(line["reason"], reason);
  }
  return answer.status;
}

looseTest("a signed-in person's token opens the page, legacy tokens too", async () => {
  const visit = await createVisit(stack);
  assert.equal(await statusOf(visit.url, bearer(visit.provider.token)), 200);
  const person = demoPeople[0];
  assert.ok(person);
  const { accessToken } = await stack.supabase.signIn(person.email, person.password);
  const url = `${stack.pageUrl}/${person.appointmentId}`;
  assert.equal(await statusOf(url, bearer(accessToken)), 200);
  assert.equal(await statusOf(url, bearer(`${accessToken.slice(0, -6)}AAAAAA`)), 401);
});

looseTest("forged, expired, unsigned and malformed tokens are refused", async () => {
  const visit = await createVisit(stack);
  const { subject } = visit.provider;
  const forger = await createIssuer({ issuer: stack.issuer.issuer, audience: "authenticated" });
  const past = Math.floor(Date.now() / 1000) - 7200;
  const unsigned = [
    btoa('{"alg":"none","typ":"JWT"}'),
    btoa(JSON.stringify({ sub: subject, role: "authenticated", exp: past + 99_999 })),
    "",
  ].join(".").replaceAll("=", "");
  const tokens = {
    "real key id, wrong key": await forger.token(subject),
    expired: await stack.issuer.token(subject, { iat: past, exp: past + 3600 }),
    unsigned,
    malformed: "not.a.token",
    "no subject": await stack.issuer.token(subject, { sub: undefined }),
    "the public role": await stack.issuer.token(subject, { role: "anon" }),
    "the service role": await stack.issuer.token(subject, { role: "service_role" }),
    oversized: "a".repeat(9_000),
  };
  for (const [name, token] of Object.entries(tokens)) {
    assert.equal(await statusOf(visit.url, bearer(token)), 401, name);
  }
  const [{ count } = {}] = await stack.supabase.sql(
    "select count(*)::int as count from chime_page.sessions where appointment_id = $1",
    [visit.id],
  );
  assert.equal(count, 0);
});

looseTest("a stranger gets the same response as at an unknown visit", async () => {
  const visit = await createVisit(stack);
  const stranger = await stack.issuer.token(crypto.randomUUID());
  const bodies = await Promise.all(
    [visit.url, `${stack.pageUrl}/${crypto.randomUUID()}`].map(async (url) => {
      const answer = await fetch(url, { headers: bearer(stranger) });
      const { requestId: _, reference: __, ...body } = await answer.json();
      return { status: answer.status, body };
    }),
  );
  assert.equal(bodies[0]?.status, 404);
  assert.deepEqual(bodies[0], bodies[1]);
});

looseTest("the public key as a bearer token is no credential", async () => {
  const visit = await createVisit(stack);
  const answer = await statusOf(visit.url, bearer(stack.supabase.publishableKey), "no-credential");
  assert.equal(answer, 401);
});

looseTest(
  "a Firebase token in its header opens the page beside a public key in Authorization",
  async () => {
    const visit = await createVisit(stack);
    const uid = "f1RebaseUidOf28Characters0000";
    await stack.supabase.sql("update public.visit_participants set subject = $1 where id = $2", [
      uid,
      visit.provider.participantId,
    ]);
    const headers = (token: string) => ({
      ...bearer(stack.supabase.publishableKey),
      apikey: stack.supabase.publishableKey,
      "x-firebase-token": token,
    });
    assert.equal(await statusOf(visit.url, headers(await firebase.token(uid))), 200);
    assert.equal(await statusOf(visit.url, headers(await firebase.token(uid))), 200);
    assert.equal(keys.asked(), 1, "the key set is fetched once");

    const refuse = async (token: string, reason: string) =>
      assert.equal(await statusOf(visit.url, headers(token), reason), 401, reason);
    const forger = await createIssuer(firebaseNames);
    await refuse(await forger.token(uid), "err-jws-signature-verification-failed");
    await refuse(
      await firebase.token(uid, { aud: "other-app" }),
      "err-jwt-claim-validation-failed",
    );
    await refuse(await firebase.token(uid, { exp: 1 }), "err-jwt-expired");
    await refuse(await firebase.token(uid, { exp: undefined }), "err-jwt-claim-validation-failed");
    await refuse(await firebase.token(uid, { iss: "https://evil.example" }), "foreign-issuer");
    await refuse("malformed", "foreign-issuer");
    // Apps may also send it as an ordinary bearer token.
    assert.equal(await statusOf(visit.url, bearer(await firebase.token(uid))), 200);
  },
);

looseTest(
  "a page's session authorizes its own requests, and opens no page and creates no pass",
  async () => {
    const visit = await createVisit(stack);
    const answer = await fetch(visit.url, { headers: bearer(visit.provider.token) });
    const session = /"session":"([\w-]{43})"/.exec(await answer.text())?.[1] ?? "";
    assert.equal(await statusOf(`${visit.url}/status`, bearer(session)), 200);
    assert.equal(await statusOf(visit.url, bearer(session)), 401);
    const pass = await fetch(`${visit.url}/passes`, { method: "POST", headers: bearer(session) });
    assert.equal(pass.status, 401);
    await pass.body?.cancel();
    // The cookie is only for reloads: another site cannot act with it.
    const cookie = { Cookie: cookieOf(answer) };
    assert.equal(await statusOf(`${visit.url}/status`, cookie, "no-session"), 401);
  },
);
