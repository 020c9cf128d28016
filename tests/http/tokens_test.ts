import assert from "node:assert/strict";
import { createIssuer, publishKeys } from "../support/issuer.ts";
import { bearer, createVisit, logLine, startTestStack } from "../support/visits.ts";
import { SignJWT } from "jose";
import { looseTest } from "../support/sanitizers.ts";

const firebase = await createIssuer({
  issuer: "https://securetoken.google.com/clinic",
  audience: "clinic",
});
const keys = publishKeys(firebase);
const stack = await startTestStack({
  environment: {
    CHIME_PAGE_TRUSTED_ISSUERS: JSON.stringify([{
      issuer: firebase.issuer,
      audience: firebase.audience,
      jwks: keys.url,
      header: "x-firebase-token",
      subjectPrefix: "firebase:",
    }]),
  },
});
Deno.test.afterAll(async () => {
  await stack.stop();
  await keys.stop();
});

/** The response to a request, and the upstream calls it cost. */
async function ask(url: string, headers: Record<string, string>) {
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  const line = await logLine(stack, answer.headers.get("x-request-id"));
  return { answer, text, calls: Number(line["calls"]), reason: line["reason"] };
}

looseTest(
  "a token of the project with a wrong claim is refused before the database is asked",
  async () => {
    const visit = await createVisit(stack);
    const later = Math.floor(Date.now() / 1000) + 3600;
    for (
      const changes of [
        { iss: "https://other.supabase.co/auth/v1" },
        { aud: "other" },
        { nbf: later },
        { exp: "never" },
        { exp: {} },
        { sub: 7 },
        { sub: { x: 1 } },
        { sub: "a\u0000" },
      ]
    ) {
      const token = await stack.issuer.token(visit.provider.subject, changes);
      const { answer, calls } = await ask(visit.url, bearer(token));
      assert.equal(answer.status, 401, JSON.stringify(changes));
      assert.equal(calls, 0);
    }
  },
);

looseTest("200 tokens signed by strangers cost one call in total", async () => {
  const visit = await createVisit(stack);
  const names = { issuer: stack.issuer.issuer, audience: "authenticated" };
  const asked = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
    const stranger = await createIssuer({ ...names, kid: `unknown-${i}` });
    return await ask(visit.url, bearer(await stranger.token(visit.provider.subject)));
  }));
  for (const { answer } of asked) assert.equal(answer.status, 401);
  const calls = asked.reduce((sum, one) => sum + one.calls, 0);
  assert.equal(calls, 1);
  assert.equal((await ask(visit.url, bearer(visit.provider.token))).answer.status, 200);
});

looseTest(
  "strangers' legacy tokens soon cost no call, and are told when to try again",
  async () => {
    const visit = await createVisit(stack);
    const now = Math.floor(Date.now() / 1000);
    const key = new TextEncoder().encode("not-the-key-of-this-project-at-all");
    const asked = await Promise.all(Array.from({ length: 200 }, async () => {
      const token = await new SignJWT({
        sub: crypto.randomUUID(),
        aud: "authenticated",
        role: "authenticated",
        iat: now,
        exp: now + 3600,
      }).setProtectedHeader({ alg: "HS256" }).sign(key);
      return await ask(visit.url, bearer(token));
    }));
    for (const { answer, calls, reason } of asked.filter(({ calls }) => calls === 0)) {
      assert.deepEqual([answer.status, calls, reason], [503, 0, "auth-limit"]);
      assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
    }
    const refused = asked.filter(({ calls }) => calls === 1);
    for (const { answer } of refused) assert.equal(answer.status, 401);
    assert.ok(refused.length < 200);
    // People whose tokens need no Auth server are not affected.
    assert.equal((await ask(visit.url, bearer(visit.provider.token))).answer.status, 200);
  },
);

looseTest("the same subject at two issuers is two different people", async () => {
  const visit = await createVisit(stack);
  const { subject } = visit.provider;
  const headers = async (sub: string) => ({ "x-firebase-token": await firebase.token(sub) });
  assert.equal((await ask(visit.url, await headers(subject))).answer.status, 404);
  await stack.supabase.sql("update public.visit_participants set subject = $1 where id = $2", [
    `firebase:${subject}`,
    visit.provider.participantId,
  ]);
  assert.equal((await ask(visit.url, await headers(subject))).answer.status, 200);
  assert.equal((await ask(visit.url, bearer(visit.provider.token))).answer.status, 404);
});

looseTest(
  "a stranger gets the same bytes at the same cost as at an unknown visit",
  async () => {
    const visit = await createVisit(stack);
    const unknown = `${stack.pageUrl}/${crypto.randomUUID()}`;
    const stranger = bearer(await stack.issuer.token(crypto.randomUUID()));
    const secret = "a".repeat(43);
    const ways: Record<string, [Record<string, string>, string]> = {
      "a token": [stranger, ""],
      "a pass": [{}, `?pass=${secret}`],
      "a malformed pass": [{}, "?pass=x"],
      "a session": [{ Cookie: `chime_page_session=${secret}` }, ""],
      "a page's session": [bearer(secret), "/status"],
    };
    for (const accept of ["text/html", "*/*"]) {
      for (const [name, [headers, rest]] of Object.entries(ways)) {
        const seen = await Promise.all([visit.url, unknown].map(async (url) => {
          const { answer, text, calls } = await ask(`${url}${rest}`, {
            ...headers,
            Accept: accept,
          });
          const id = answer.headers.get("x-request-id") ?? "";
          // The compressed length depends on the id, which is random; the text is compared below.
          const kept = [...answer.headers].filter(([header]) =>
            header !== "date" && header !== "content-length"
          );
          return {
            status: answer.status,
            headers: JSON.stringify(kept).replaceAll(id, "<id>"),
            // The short reference is derived from the id.
            text: text.replaceAll(id, "<id>").replace(/[0-9A-F]{4}-[0-9A-F]{4}/g, "<reference>"),
            calls,
          };
        }));
        assert.deepEqual(seen[0], seen[1], `${name}, ${accept}`);
        assert.ok([401, 404].includes(seen[0]?.status ?? 0), name);
        // A string that cannot be a secret is refused without a database call.
        assert.equal(seen[0]?.calls, name === "a malformed pass" ? 0 : 1, name);
      }
    }
  },
);
