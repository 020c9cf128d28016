import assert from "node:assert/strict";
import { at, callerOf, newToken, startEmpty } from "../support/database.ts";
import { pathOf } from "../support/project.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
const example = "supabase/examples/provider-profiles";
const apply = async (file: string) =>
  await supabase.script(await Deno.readTextFile(pathOf(`${example}/${file}`)));
for (const file of ["tables.sql", "views.sql", "video_call_sessions.sql"]) await apply(file);
Deno.test.afterAll(() => supabase.close());

const [provider, patient, profile] = [1, 2, 3].map(() => crypto.randomUUID());
await sql(
  "insert into public.users (id, firebase_uid, full_name) values ($1, 'uid-provider', 'Dr. Ebelle'), ($2, 'uid-patient', 'Fadimatou')",
  [provider, patient],
);
await sql("insert into public.medical_provider_profiles (id, user_id) values ($1, $2)", [
  profile,
  provider,
]);

/** An appointment at noon UTC, as the app stores it. */
async function makeAppointment() {
  const id = crypto.randomUUID();
  await sql(
    `insert into public.appointments
       (id, patient_id, provider_id, status, scheduled_start, scheduled_end, consultation_mode)
     values ($1, $2, $3, 'confirmed', '2027-03-01T00:00Z', '2027-02-20T13:00Z', 'Online')`,
    [id, patient, profile],
  );
  return id;
}

/** Opens the visit as the provider and stores the meeting that Chime has created. */
async function startMeeting(appointment: string, minutes: number) {
  const { meeting } = await call("open", {
    p_appointment: appointment,
    p_now: at(minutes),
    p_subject: "uid-provider",
    p_claim: newToken(),
  });
  const { id } = meeting as { readonly id: string };
  const chime = {
    MeetingId: `chime-${id}`,
    ExternalMeetingId: appointment,
    MediaRegion: "af-south-1",
    MediaPlacement: { AudioHostUrl: "a", AudioFallbackUrl: "b", SignalingUrl: "c" },
  };
  await call("meeting_created", { p_meeting: id, p_chime: chime, p_now: at(minutes + 1) });
  return { id, chime };
}

async function copies(appointment: string) {
  const rows = await sql(
    `select *, started_at = $2 as started, ended_at = $3 as ended
     from public.video_call_sessions where appointment_id = $1 order by started_at`,
    [appointment, at(1), at(20)],
  );
  return rows;
}

Deno.test("a meeting appears in video_call_sessions when Chime has it, and ends there too", async () => {
  const appointment = await makeAppointment();
  const { id, chime } = await startMeeting(appointment, 0);
  const [active, ...more] = await copies(appointment);
  assert.deepEqual(more, []);
  const expected = {
    id,
    appointment_id: appointment,
    channel_name: chime.MeetingId,
    meeting_id: chime.MeetingId,
    external_meeting_id: appointment,
    media_region: "af-south-1",
    // The app's column refers to a profile.
    provider_id: profile,
    patient_id: patient,
    status: "active",
    is_call_active: true,
    started: true,
    ended_at: null,
  };
  assert.deepEqual({ ...active, ...expected }, active);
  await call("end_visit", { p_appointment: appointment, p_by: provider, p_now: at(20) });
  const [ended] = await copies(appointment);
  assert.deepEqual(
    [ended?.["id"], ended?.["status"], ended?.["is_call_active"], ended?.["ended"]],
    [id, "ended", false, true],
  );
});

Deno.test("a meeting that is only claimed is not copied, and a second one is a second row", async () => {
  const appointment = await makeAppointment();
  await call("open", {
    p_appointment: appointment,
    p_now: at(0),
    p_subject: "uid-provider",
    p_claim: newToken(),
  });
  assert.deepEqual(await copies(appointment), []);
  await startMeeting(appointment, 0);
  await call("end_visit", { p_appointment: appointment, p_by: provider, p_now: at(20) });
  await startMeeting(appointment, 30);
  assert.deepEqual((await copies(appointment)).map(({ status }) => status), ["ended", "active"]);
});

Deno.test("what other steps have written into the row is kept", async () => {
  const appointment = await makeAppointment();
  const { id } = await startMeeting(appointment, 0);
  await sql("update public.video_call_sessions set channel_name = 'theirs' where id = $1", [id]);
  await call("end_visit", { p_appointment: appointment, p_by: provider, p_now: at(20) });
  assert.equal((await copies(appointment))[0]?.["channel_name"], "theirs");
});

Deno.test("a visit goes on if its meeting cannot be copied", async () => {
  const appointment = await makeAppointment();
  await sql(
    "alter table public.video_call_sessions add constraint never check (false) not valid",
    [],
  );
  try {
    const { id } = await startMeeting(appointment, 0);
    const [meeting] = await sql("select chime from chime_page.meetings where id = $1", [id]);
    assert.notEqual(meeting?.["chime"], null);
    assert.deepEqual(await copies(appointment), []);
  } finally {
    await sql("alter table public.video_call_sessions drop constraint never", []);
  }
});

Deno.test("the copy holds no join token, and the trigger can be applied again", async () => {
  const appointment = await makeAppointment();
  await startMeeting(appointment, 0);
  assert.doesNotMatch(JSON.stringify(await copies(appointment)), /join_?token/i);
  await apply("video_call_sessions.sql");
  const { outcome } = await call("end_visit", {
    p_appointment: appointment,
    p_by: provider,
    p_now: at(20),
  });
  assert.equal(outcome, "ended");
});
