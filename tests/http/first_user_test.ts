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
await stack.supabase.script(`
  insert into public.users (id, firebase_uid, full_name, preferred_language) values
    ('e0000000-0000-4000-8000-000000000001', 'uid-provider', 'Dr. Ebelle', 'fr'),
    ('e0000000-0000-4000-8000-000000000002', 'uid-patient', 'Fadimatou', null),
    ('${profile}', 'uid-stranger', 'Somebody else', null);
  insert into public.medical_provider_profiles (id, user_id) values
    ('${profile}', 'e0000000-0000-4000-8000-000000000001');
  insert into public.appointments
    (id, patient_id, provider_id, status, scheduled_start, scheduled_end, video_enabled)
  values ('${appointment}', 'e0000000-0000-4000-8000-000000000002', '${profile}', 'confirmed',
    now(), now() + interval '30 minutes', true);
`);

/** Opens the visit as the first user's app does: its own header beside the public key. */
async function open(uid: string): Promise<Response> {
  return await fetch(`${stack.pageUrl}/${appointment}`, {
    headers: {
      apikey: stack.supabase.publishableKey,
      Authorization: `Bearer ${stack.supabase.publishableKey}`,
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
