import assert from "node:assert/strict";
import { at, callerOf, newToken, startEmpty } from "../support/database.ts";
import { pathOf } from "../support/project.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
const example = "supabase/examples/provider-profiles";
const script = (file: string) => Deno.readTextFile(pathOf(`${example}/${file}`));
await supabase.script(await script("tables.sql"));
await supabase.script(await script("views.sql"));
Deno.test.afterAll(() => supabase.close());

type Row = Readonly<Record<string, unknown>>;

async function insert(table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  await sql(
    `insert into public.${table} (${columns}) values (${columns.map((_, i) => `$${i + 1}`)})`,
    Object.values(row),
  );
}

/** A person as the app stores them. */
async function makeUser(details: Row = {}) {
  const user = {
    id: crypto.randomUUID() as string,
    firebase_uid: `firebase-${crypto.randomUUID()}` as string | null,
    full_name: "Ngo Bassong",
    preferred_language: "French",
    timezone: "UTC",
    ...details,
  };
  await insert("users", user);
  return user;
}

interface Details {
  readonly provider?: Row;
  readonly patient?: Row;
  readonly profile?: Row;
  /** Columns of the appointment. */
  readonly appointment?: Row;
}

/**
 * An appointment as the booking screen stores it: booked in February for noon UTC (13:00 in Douala)
 * on March 1st, and paid for.
 */
async function makeAppointment(details: Details = {}) {
  const provider = await makeUser(details.provider);
  const patient = await makeUser(details.patient);
  const profile = {
    id: crypto.randomUUID() as string,
    user_id: provider.id,
    application_status: "approved",
    ...details.profile,
  };
  await insert("medical_provider_profiles", profile);
  const id = crypto.randomUUID() as string;
  await insert("appointments", {
    id,
    patient_id: patient.id,
    provider_id: profile.id,
    status: "confirmed",
    scheduled_start: "2027-03-01T00:00:00Z",
    scheduled_end: "2027-02-20T13:00:00Z",
    consultation_mode: "Online",
    ...details.appointment,
  });
  return { id, provider, patient, profile: profile.id };
}

function open(appointment: string, subject: string | null, now = at(0)) {
  return call("open", {
    p_appointment: appointment,
    p_now: now,
    p_subject: subject,
    p_claim: newToken(),
  });
}

async function viewOf(appointment: Row, profile: Row = {}) {
  const { id } = await makeAppointment({ appointment, profile });
  const [row] = await sql("select * from chime_page.appointments where id = $1", [id]);
  return row ?? {};
}

/** When a visit is, in UTC. */
async function timesOf(appointment: Row, profile: Row = {}) {
  const { starts_at, ends_at } = await viewOf(appointment, profile);
  return [starts_at, ends_at].map((time) => new Date(String(time)).toISOString());
}

Deno.test("provider and patient join one meeting by their Firebase subjects", async () => {
  const { id, provider, patient } = await makeAppointment();
  const first = await open(id, provider.firebase_uid);
  assert.deepEqual(first["participant"], {
    participant_id: provider.id,
    role: "provider",
    display_name: "Ngo Bassong",
    locale: "fr",
    time_zone: null,
  });
  const second = await open(id, patient.firebase_uid);
  assert.equal((second["participant"] as Row)["role"], "patient");
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
  const { id, provider } = await makeAppointment({ profile: { id: namesake.id } });
  assert.deepEqual(await open(id, namesake.firebase_uid), { outcome: "visit-not-found" });
  const answer = await open(id, provider.firebase_uid);
  const { participant_id, role } = answer["participant"] as Row;
  assert.deepEqual([participant_id, role], [provider.id, "provider"]);
});

Deno.test("a provider whose user id equals another provider's profile id remains themselves", async () => {
  const twin = crypto.randomUUID();
  const first = await makeAppointment({ provider: { id: twin } });
  const second = await makeAppointment({ profile: { id: twin } });
  assert.equal((await open(first.id, first.provider.firebase_uid)).outcome, "found");
  assert.equal((await open(second.id, first.provider.firebase_uid)).outcome, "visit-not-found");
  assert.equal((await open(second.id, second.provider.firebase_uid)).outcome, "found");
});

Deno.test("a provider whose application was revoked or who is inactive is neither shown nor let in", async () => {
  for (
    const profile of [
      { application_status: "revoked" },
      { application_status: "Revoked " },
      { is_active: false },
    ]
  ) {
    const { id, provider, patient } = await makeAppointment({ profile });
    const refused = await open(id, provider.firebase_uid);
    assert.deepEqual(refused, { outcome: "visit-not-found" }, JSON.stringify(profile));
    const people = (await open(id, patient.firebase_uid))["people"] as readonly Row[];
    assert.deepEqual(people.map(({ role }) => role), ["patient"]);
  }
  for (const profile of [{ application_status: "pending" }, { is_active: null }]) {
    const { id, provider } = await makeAppointment({ profile });
    assert.equal((await open(id, provider.firebase_uid)).outcome, "found");
  }
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

Deno.test("the day comes from the start, the time from the end, and both are Douala's", async () => {
  const booked = {
    scheduled_start: "2027-03-01T00:00:00Z",
    scheduled_end: "2027-02-20T09:30:00Z",
  };
  assert.deepEqual(await timesOf(booked), [
    "2027-03-01T08:30:00.000Z",
    "2027-03-01T09:00:00.000Z",
  ]);
  // Booked on the day of the visit.
  assert.deepEqual(await timesOf({ ...booked, scheduled_end: "2027-03-01T23:45:00Z" }), [
    "2027-03-01T22:45:00.000Z",
    "2027-03-01T23:15:00.000Z",
  ]);
  // Midnight in Douala is still the day before in UTC.
  assert.deepEqual(await timesOf({ ...booked, scheduled_end: "2027-02-20T00:15:00Z" }), [
    "2027-02-28T23:15:00.000Z",
    "2027-02-28T23:45:00.000Z",
  ]);
  // A row that was corrected by hand has a start and an end.
  const corrected = {
    scheduled_start: "2027-03-01T09:30:00Z",
    scheduled_end: "2027-03-01T10:15:00Z",
  };
  assert.deepEqual(await timesOf(corrected), [
    "2027-03-01T08:30:00.000Z",
    "2027-03-01T09:15:00.000Z",
  ]);
});

Deno.test("the times do not depend on the time zone of the database session", async () => {
  const { id } = await makeAppointment();
  for (const zone of ["UTC", "Asia/Tokyo", "America/New_York"]) {
    await sql(`set timezone = '${zone}'`, []);
    const [row] = await sql(
      `select starts_at = '2027-03-01T12:00:00Z'::timestamptz as starts,
         ends_at = '2027-03-01T12:30:00Z'::timestamptz as ends
       from chime_page.appointments where id = $1`,
      [id],
    );
    assert.deepEqual(row, { starts: true, ends: true }, zone);
  }
  await sql("set timezone = 'UTC'", []);
});

Deno.test("a visit whose end is not known lasts as long as the provider's consultations", async () => {
  const minutes = async (consultation_duration_minutes: number | null, appointment: Row = {}) => {
    const times = await timesOf(appointment, { consultation_duration_minutes });
    const [start = NaN, end = NaN] = times.map((time) => Date.parse(time));
    return (end - start) / 60_000;
  };
  assert.equal(await minutes(45), 45);
  for (const unset of [null, 0, -5]) assert.equal(await minutes(unset), 30);
  const start = { scheduled_start: at(60) };
  for (const scheduled_end of [null, at(59), at(60)]) {
    assert.equal(await minutes(20, { ...start, scheduled_end }), 20);
  }
  assert.equal(await minutes(20, { ...start, scheduled_end: at(75) }), 15);
  assert.equal(await minutes(null, { provider_id: null, ...start, scheduled_end: null }), 30);
});

Deno.test("people can join around the time that they were told, and not at midnight", async () => {
  const { id, provider } = await makeAppointment();
  const isOpen = async (minutes: number) =>
    (await open(id, provider.firebase_uid, at(minutes)))["meeting"] !== null;
  assert.deepEqual(
    await Promise.all([-720, -16, -15, 0, 89, 90].map(isOpen)),
    [false, false, true, true, true, false],
  );
});

Deno.test("an appointment without a start never opens, and its column is named", async () => {
  for (const scheduled_end of [null, at(30)]) {
    const { id, provider } = await makeAppointment({
      appointment: { scheduled_start: null, scheduled_end },
    });
    assert.deepEqual(await open(id, provider.firebase_uid), {
      outcome: "visit-misconfigured",
      columns: ["appointments.starts_at", "appointments.ends_at"],
    });
  }
});

Deno.test("every known status maps to one of the four, and pending is not cancelled", async () => {
  const statuses = {
    pending: "scheduled",
    scheduled: "scheduled",
    Confirmed: "scheduled",
    active: "in_progress",
    in_progress: "in_progress",
    completed: "completed",
    no_show: "completed",
    cancelled: "cancelled",
    " Canceled": "cancelled",
  };
  for (const [status, expected] of Object.entries(statuses)) {
    assert.equal((await viewOf({ status }))["status"], expected);
  }
});

Deno.test("an unknown status does not open, and nobody is told that the visit was cancelled", async () => {
  for (const status of [null, "", "awaiting_triage"]) {
    const { id, provider } = await makeAppointment({ appointment: { status } });
    assert.deepEqual(await open(id, provider.firebase_uid), {
      outcome: "visit-misconfigured",
      columns: ["appointments.status"],
    });
  }
});

Deno.test("the consultation mode decides whether it is a video visit, since the app never writes the flag", async () => {
  const isVideo = async (consultation_mode: string | null, video_enabled?: boolean | null) =>
    (await viewOf({
      consultation_mode,
      ...(video_enabled === undefined ? {} : { video_enabled }),
    }))["video_enabled"];
  assert.equal(await isVideo("Online"), true);
  assert.equal(await isVideo("Online", null), true);
  assert.equal(await isVideo(" online ", false), true);
  assert.equal(await isVideo("video"), true);
  assert.equal(await isVideo("In person"), false);
  assert.equal(await isVideo("In person", true), false);
  assert.equal(await isVideo(null), false);
  assert.equal(await isVideo(null, true), true);
  assert.equal(await isVideo("Phone", null), false);
});

Deno.test("the preferred language becomes the page's, however it is written", async () => {
  const languages = {
    French: "fr",
    "Français": "fr",
    fr: "fr",
    "French (Cameroon)": "fr",
    English: "en",
    "en-GB": "en",
    Arabic: "ar",
    "العربية": "ar",
    Portuguese: "pt",
    pt_BR: "pt",
    Spanish: "es",
    "español": "es",
    Swahili: "sw",
    "Kiswahili": "sw",
    // Languages that the page does not have are not mistaken for others.
    Fulfulde: null,
    Swedish: null,
    Armenian: null,
    Estonian: null,
    "": null,
  };
  for (const [preferred_language, locale] of Object.entries(languages)) {
    const { id, provider } = await makeAppointment({ provider: { preferred_language } });
    const answer = await open(id, provider.firebase_uid);
    assert.equal((answer["participant"] as Row)["locale"], locale, preferred_language);
  }
});

Deno.test("UTC is not a person's wish, and other time zones are", async () => {
  const zones = {
    UTC: null,
    "Etc/UTC": null,
    utc: null,
    GMT: null,
    "": null,
    "Africa/Douala": "Africa/Douala",
    "America/New_York": "America/New_York",
  };
  for (const [timezone, expected] of Object.entries(zones)) {
    const { id, provider } = await makeAppointment({ provider: { timezone, full_name: "  " } });
    const answer = await open(id, provider.firebase_uid);
    const { time_zone, display_name } = answer["participant"] as Row;
    assert.deepEqual([time_zone, display_name], [expected, "Provider"], timezone);
  }
});

Deno.test("without the trigger the table of earlier calls is neither read nor written", async () => {
  const { id, provider } = await makeAppointment();
  await insert("video_call_sessions", {
    appointment_id: id,
    channel_name: "channel",
    status: "ended",
    is_call_active: false,
  });
  const before = await sql("select * from public.video_call_sessions", []);
  assert.notEqual((await open(id, provider.firebase_uid))["meeting"], null);
  assert.deepEqual(await sql("select * from public.video_call_sessions", []), before);
});

Deno.test("the example can be applied again, and a view with other columns is refused", async () => {
  await supabase.script(await script("views.sql"));
  const wrong = `create or replace view chime_page.appointments as
    select a.id, a.status, a.scheduled_start as starts_at from public.appointments as a`;
  await assert.rejects(supabase.script(wrong), /cannot (change name|drop columns)/);
});

Deno.test("a view with empty subjects lets nobody in", async () => {
  const { id } = await makeAppointment({ provider: { firebase_uid: null } });
  const views = await script("views.sql");
  await supabase.script(
    views.replace("nullif(u.firebase_uid, '')", "coalesce(u.firebase_uid, '')"),
  );
  assert.deepEqual(await open(id, ""), { outcome: "visit-not-found" });
  await supabase.script(views);
});
