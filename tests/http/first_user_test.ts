import assert from "node:assert/strict";
import { createIssuer, publishKeys } from "../support/issuer.ts";
import { pageData, startTestStack } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const firebase = await createIssuer({
  issuer: "https://securetoken.google.com/telehealth",
  audience: "telehealth",
  alg: "RS256",
});
const keys = publishKeys(firebase);
const stack = await startTestStack({
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

const examples = new URL("../../supabase/examples/provider-profiles/", import.meta.url);
for (const file of ["tables.sql", "views.sql"]) {
  await stack.supabase.script(await Deno.readTextFile(new URL(file, examples)));
}
// The profile's id equals the id of another user: compared with users, it would find that person.
const profile = "d0000000-0000-4000-8000-000000000009";
const appointment = "a0000000-0000-4000-8000-000000000009";
/** Douala's clock, as the app stores it: with an offset of zero. */
const now = new Date(Date.now() + 60 * 60_000).toISOString();
await stack.supabase.script(`
  insert into public.users (id, firebase_uid, full_name, preferred_language, timezone) values
    ('e0000000-0000-4000-8000-000000000001', 'uid-provider', 'Dr. Ebelle', 'French', 'UTC'),
    ('e0000000-0000-4000-8000-000000000002', 'uid-patient', 'Fadimatou', null, 'UTC'),
    ('${profile}', 'uid-stranger', 'Somebody else', null, null);
  insert into public.medical_provider_profiles (id, user_id, application_status) values
    ('${profile}', 'e0000000-0000-4000-8000-000000000001', 'approved');
  insert into public.appointments
    (id, patient_id, provider_id, status, scheduled_start, scheduled_end, consultation_mode)
  values ('${appointment}', 'e0000000-0000-4000-8000-000000000002', '${profile}', 'pending',
    '${now.slice(0, 10)}T00:00:00Z', '2026-01-15T${now.slice(11)}', 'Online');
`);

/** Opens the visit as the first user's app does: its own header beside the public key. */
async function open(uid: string): Promise<Response> {
  const { publishableKey } = stack.supabase;
  return await fetch(`${stack.pageUrl}/${appointment}`, {
    headers: {
      apikey: publishableKey,
      Authorization: `Bearer ${publishableKey}`,
      "x-firebase-token": await firebase.token(uid),
    },
  });
}

looseTest(
  "with the first adopter's schema provider and patient get in, and a stranger does not",
  async () => {
    const provider = await pageData(await open("uid-provider"));
    assert.equal(provider.self.role, "provider");
    assert.equal(provider.self.name, "Dr. Ebelle");
    assert.equal(provider.language, "fr");
    const patient = await pageData(await open("uid-patient"));
    assert.equal(patient.self.role, "patient");
    assert.equal(patient.join?.meeting.MeetingId, provider.join?.meeting.MeetingId);
    for (const uid of ["uid-stranger", profile, "uid-nobody"]) {
      const answer = await open(uid);
      assert.equal(answer.status, 404, uid);
      await answer.body?.cancel();
    }
  },
);

looseTest(
  "one Firebase issuer, listed once, is accepted in its header and as a bearer token",
  async () => {
    const { publishableKey } = stack.supabase;
    const token = await firebase.token("uid-patient");
    const ways: Readonly<Record<string, Record<string, string>>> = {
      "its header alone": { "x-firebase-token": token },
      "its header beside the public key": {
        apikey: publishableKey,
        Authorization: `Bearer ${publishableKey}`,
        "x-firebase-token": token,
      },
      "a bearer token": { Authorization: `Bearer ${token}` },
      "a bearer token beside the public key": {
        apikey: publishableKey,
        Authorization: `Bearer ${token}`,
      },
      "both places": { Authorization: `Bearer ${token}`, "x-firebase-token": token },
      "a bearer token and an empty header": {
        Authorization: `Bearer ${token}`,
        "x-firebase-token": "",
      },
    };
    for (const [name, headers] of Object.entries(ways)) {
      const link = await fetch(`${stack.pageUrl}/${appointment}/passes`, {
        method: "POST",
        headers,
      });
      assert.equal(link.status, 201, name);
      await link.body?.cancel();
      const page = await fetch(`${stack.pageUrl}/${appointment}`, { headers });
      assert.equal((await pageData(page)).self.role, "patient", name);
    }
    // The public key alone is nobody.
    const nobody = await fetch(`${stack.pageUrl}/${appointment}`, {
      headers: { apikey: publishableKey, Authorization: `Bearer ${publishableKey}` },
    });
    assert.equal(nobody.status, 401);
    await nobody.body?.cancel();
  },
);
