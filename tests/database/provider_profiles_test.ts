import assert from "node:assert/strict";
import { at, callerOf, newToken, startEmpty } from "../support/database.ts";
import { pathOf } from "../support/project.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
const example = "supabase/examples/provider-profiles";
await supabase.script(await Deno.readTextFile(pathOf(`${example}/tables.sql`)));
await supabase.script(await Deno.readTextFile(pathOf(`${example}/views.sql`)));
Deno.test.afterAll(() => supabase.close());

async function makeUser(details: Record<string, unknown> = {}) {
  const user = {
    id: crypto.randomUUID() as string,
    firebase_uid: `firebase-${crypto.randomUUID()}` as string | null,
    full_name: "Ngo Bassong",
    preferred_language: null,
    timezone: "Africa/Douala",
    ...details,
  };
  await sql(
    `insert into public.users (id, firebase_uid, full_name, preferred_language, timezone)
     values ($1, $2, $3, $4, $5)`,
    [user.id, user.firebase_uid, user.full_name, user.preferred_language, user.timezone],
  );
  return user;
}

interface AppointmentDetails {
  readonly provider?: Record<string, unknown>;
  readonly profile?: string;
  /** Columns of the appointment. */
  readonly [column: string]: unknown;
}

/** An appointment at noon between a provider, by profile, and a patient. */
async function makeAppointment(details: AppointmentDetails = {}) {
  const [provider, patient] = [await makeUser(details.provider), await makeUser()];
  const profile = details.profile ?? crypto.randomUUID();
  await sql("insert into public.medical_provider_profiles (id, user_id) values ($1, $2)", [
    profile,
    provider.id,
  ]);
  const id = crypto.randomUUID() as string;
  const row = {
    status: "scheduled",
    scheduled_start: at(0),
    scheduled_end: at(30),
    video_enabled: true,
    consultation_mode: "video",
    ...details,
  };
  await sql(
    `insert into public.appointments
       (id, patient_id, provider_id, status, scheduled_start, scheduled_end, video_enabled,
        consultation_mode)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      patient.id,
      profile,
      row.status,
      row.scheduled_start,
      row.scheduled_end,
      row.video_enabled,
      row.consultation_mode,
    ],
  );
  return { id, provider, patient, profile };
}

function open(appointment: string, subject: string | null, now = at(0)) {
  return call("open", {
    p_appointment: appointment,
    p_now: now,
    p_subject: subject,
    p_claim: newToken(),
  });
}

async function viewOf(id: string) {
  const [row] = await sql("select * from chime_page.appointments where id = $1", [id]);
  return row ?? {};
}

Deno.test("provider and patient join one meeting by their Firebase subjects", async () => {
  const { id, provider, patient } = await makeAppointment();
  const first = await open(id, provider.firebase_uid);
  assert.deepEqual(first["participant"], {
    participant_id: provider.id,
    role: "provider",
    display_name: "Ngo Bassong",
    locale: null,
    time_zone: "Africa/Douala",
  });
  const second = await open(id, patient.firebase_uid);
  assert.equal((second["participant"] as Record<string, unknown>)["role"], "patient");
  assert.notEqual(first["meeting"], null);
  assert.deepEqual(second["meeting"], first["meeting"]);
});

Deno.test("strangers, other providers and ids in place of subjects are refused", async () => {
  const { id, provider, patient, profile } = await makeAppointment();
  const other = await makeAppointment();
  const wrong = [
    "nobody",
    other.provider.firebase_uid,
    other.patient.firebase_uid,
    provider.id,
    patient.id,
    profile,
  ];
  for (const subject of wrong) {
    assert.deepEqual(await open(id, subject), { outcome: "visit-not-found" }, String(subject));
  }
});

Deno.test("a person whose user id equals the provider's profile id is not the provider", async () => {
  const namesake = await makeUser();
  const { id, provider } = await makeAppointment({ profile: namesake.id });
  assert.deepEqual(await open(id, namesake.firebase_uid), { outcome: "visit-not-found" });
  const answer = await open(id, provider.firebase_uid);
  const { participant_id, role } = answer["participant"] as Record<string, unknown>;
  assert.deepEqual([participant_id, role], [provider.id, "provider"]);
});

Deno.test("a provider whose user id equals another provider's profile id remains themselves", async () => {
  const twin = crypto.randomUUID();
  const first = await makeAppointment({ provider: { id: twin } });
  const second = await makeAppointment({ profile: twin });
  assert.equal((await open(first.id, first.provider.firebase_uid)).outcome, "found");
  assert.equal((await open(second.id, first.provider.firebase_uid)).outcome, "visit-not-found");
  assert.equal((await open(second.id, second.provider.firebase_uid)).outcome, "found");
});

Deno.test("a person without a Firebase account is shown, and an empty subject lets nobody in", async () => {
  for (const firebase_uid of [null, ""]) {
    const { id, patient } = await makeAppointment({ provider: { firebase_uid } });
    assert.deepEqual(await open(id, ""), { outcome: "visit-not-found" });
    assert.deepEqual(await open(id, null), { outcome: "unauthenticated" });
    const people = (await open(id, patient.firebase_uid))["people"] as readonly unknown[];
    assert.equal(people.length, 2);
  }
});

Deno.test("an appointment without an end, or with one before its start, lasts half an hour", async () => {
  for (const scheduled_end of [null, at(-1), at(0)]) {
    const { id, provider } = await makeAppointment({ scheduled_end });
    assert.equal(new Date(String((await viewOf(id))["ends_at"])).toISOString(), at(30));
    assert.notEqual((await open(id, provider.firebase_uid, at(89)))["meeting"], null);
    assert.equal((await open(id, provider.firebase_uid, at(90)))["meeting"], null);
  }
});

Deno.test("an appointment without a start never opens, and its column is named", async () => {
  const { id, provider } = await makeAppointment({ scheduled_start: null });
  assert.deepEqual(await open(id, provider.firebase_uid), {
    outcome: "visit-misconfigured",
    columns: ["appointments.starts_at", "appointments.ends_at"],
  });
});

Deno.test("every status maps to one of the four, and an unknown one does not open", async () => {
  const statuses = {
    scheduled: "scheduled",
    Confirmed: "scheduled",
    active: "in_progress",
    in_progress: "in_progress",
    completed: "completed",
    no_show: "completed",
    cancelled: "cancelled",
    pending: "cancelled",
    "": "cancelled",
  };
  for (const [status, expected] of Object.entries(statuses)) {
    assert.equal((await viewOf((await makeAppointment({ status })).id))["status"], expected);
  }
  const { id, provider } = await makeAppointment({ status: null });
  assert.equal((await open(id, provider.firebase_uid))["meeting"], null);
});

Deno.test("without the flag the consultation mode decides whether it is a video visit", async () => {
  const isVideo = async (video_enabled: boolean | null, consultation_mode: string | null) =>
    (await viewOf((await makeAppointment({ video_enabled, consultation_mode })).id))[
      "video_enabled"
    ];
  assert.equal(await isVideo(null, "video"), true);
  assert.equal(await isVideo(null, "in_person"), false);
  assert.equal(await isVideo(null, null), false);
  assert.equal(await isVideo(false, "video"), false);
});

Deno.test("the preferred language becomes the page's, however it is written", async () => {
  for (
    const [language, locale] of [["fr", "fr"], ["French", "fr"], ["en-GB", "en"], ["ff", null]]
  ) {
    const provider = { preferred_language: language, full_name: "  " };
    const appointment = await makeAppointment({ provider });
    const answer = await open(appointment.id, appointment.provider.firebase_uid);
    const participant = answer["participant"] as Record<string, unknown>;
    assert.deepEqual([participant["locale"], participant["display_name"]], [locale, "Provider"]);
  }
});

Deno.test("the table of earlier calls is neither read nor written", async () => {
  const { id, provider } = await makeAppointment();
  const values = [id, "channel", "ended", false];
  await sql(
    `insert into public.video_call_sessions (appointment_id, channel_name, status, is_call_active)
     values ($1, $2, $3, $4)`,
    values,
  );
  const before = await sql("select * from public.video_call_sessions");
  assert.notEqual((await open(id, provider.firebase_uid))["meeting"], null);
  assert.deepEqual(await sql("select * from public.video_call_sessions"), before);
});

Deno.test("the example can be applied again, and a view with other columns is refused", async () => {
  await supabase.script(await Deno.readTextFile(pathOf(`${example}/views.sql`)));
  const wrong = `create or replace view chime_page.appointments as
    select a.id, a.status, a.scheduled_start as starts_at from public.appointments as a`;
  await assert.rejects(supabase.script(wrong), /cannot (change name|drop columns)/);
});

Deno.test("a view with empty subjects lets nobody in", async () => {
  const { id } = await makeAppointment({ provider: { firebase_uid: null } });
  const views = await Deno.readTextFile(pathOf(`${example}/views.sql`));
  await supabase.script(
    views.replace("nullif(u.firebase_uid, '')", "coalesce(u.firebase_uid, '')"),
  );
  assert.deepEqual(await open(id, ""), { outcome: "visit-not-found" });
  await supabase.script(views);
});
