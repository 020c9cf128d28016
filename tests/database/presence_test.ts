import assert from "node:assert/strict";
import {
  at,
  callerOf,
  makeSession,
  makeVisit,
  newHash,
  newToken,
  startEmpty,
  type Visit,
} from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

/** A visit in which the patient's page reads who is here. */
async function setUp() {
  const visit = await makeVisit(sql);
  const patient = await makeSession(call, visit.id, visit.patient);
  const provider = await makeSession(call, visit.id, visit.provider);
  const status = (session: string, page: string | null, now: string, ready = false) =>
    call("status", {
      p_appointment: visit.id,
      p_now: now,
      p_session: session,
      p_page: page,
      p_ready: ready,
    });
  const leave = (session: string, page: string, now: string) =>
    call("leave", { p_appointment: visit.id, p_session: session, p_page: page, p_now: now });
  /** What the patient's page reads about the provider. */
  const heard = async (now: string) => {
    const { heard } = await status(patient, "mine", now);
    return (heard as { id: string }[]).find(({ id }) => id === visit.providerId);
  };
  return { visit, patient, provider, status, leave, heard };
}

/** Opens the visit as a provider, who claims its meeting. */
const claim = (visit: Visit, now: string) =>
  call("open", {
    p_appointment: visit.id,
    p_now: now,
    p_subject: visit.provider,
    p_claim: newToken(),
  });

Deno.test("a person is no longer present as soon as their page says that it is gone", async () => {
  const { visit, provider, status, leave, heard } = await setUp();
  await status(provider, "a", at(1), true);
  assert.deepEqual(await heard(at(1.05)), { id: visit.providerId, seconds_ago: 3, ready: true });
  assert.deepEqual(await leave(provider, "a", at(1.1)), { outcome: "left" });
  assert.equal(await heard(at(1.1)), undefined);
  const { present } = await status(provider, null, at(1.1));
  assert.deepEqual(present, [visit.patientId], "a request without a page brings nobody back");
});

Deno.test("a person stays present while another tab or another device of theirs is open", async () => {
  const { visit, provider, status, leave, heard } = await setUp();
  await status(provider, "a", at(1));
  await status(provider, "b", at(1), true);
  await leave(provider, "a", at(1.1));
  assert.equal((await heard(at(1.1)))?.id, visit.providerId, "the other tab");
  await leave(provider, "b", at(1.2));
  assert.equal(await heard(at(1.2)), undefined);

  const other = await makeSession(call, visit.id, visit.provider, at(2));
  await status(provider, "a", at(2));
  await status(other, "c", at(2));
  await leave(provider, "a", at(2.1));
  assert.equal((await heard(at(2.1)))?.id, visit.providerId, "the other device");
});

Deno.test("a tab that was not heard of for 30 seconds keeps nobody present", async () => {
  const { provider, status, leave, heard } = await setUp();
  await status(provider, "a", at(1));
  await status(provider, "b", at(1.6));
  await leave(provider, "b", at(1.6));
  assert.equal(await heard(at(1.6)), undefined);
});

Deno.test("a page that comes back is present again, and ready only once its person joins", async () => {
  const { visit, provider, status, leave, heard } = await setUp();
  await status(provider, "a", at(1), true);
  await leave(provider, "a", at(1.1));
  await status(provider, "a", at(1.2), false);
  assert.deepEqual(await heard(at(1.2)), { id: visit.providerId, seconds_ago: 0, ready: false });
  await status(provider, "a", at(1.3), true);
  assert.deepEqual(await heard(at(1.3)), { id: visit.providerId, seconds_ago: 0, ready: true });
});

Deno.test("pages do not pile up, and go with their session", async () => {
  const { visit, provider, status } = await setUp();
  for (let minute = 1; minute < 6; minute++) await status(provider, `page${minute}`, at(minute));
  const pages = () =>
    sql(
      "select 1 from chime_page.pages as g join chime_page.sessions as s on s.id = g.session_id where s.appointment_id = $1",
      [visit.id],
    );
  assert.equal((await pages()).length, 1);
  await sql("delete from chime_page.sessions where appointment_id = $1", [visit.id]);
  assert.equal((await pages()).length, 0);
});

Deno.test("nobody leaves for another person, another visit or with a revoked session", async () => {
  const { visit, patient, provider, status, leave, heard } = await setUp();
  await status(provider, "a", at(1));
  await leave(patient, "a", at(1));
  assert.equal((await heard(at(1)))?.id, visit.providerId, "with the patient's session");
  const other = await makeVisit(sql);
  const elsewhere = await call("leave", {
    p_appointment: other.id,
    p_session: provider,
    p_page: "a",
    p_now: at(1),
  });
  assert.deepEqual(elsewhere, { outcome: "unauthenticated" });
  assert.deepEqual(await leave(newHash(), "a", at(1)), { outcome: "unauthenticated" });
  assert.equal((await heard(at(1)))?.id, visit.providerId);
});

Deno.test("a visit that a provider ended has ended until somebody opens it again", async () => {
  const { visit, patient, status } = await setUp();
  const ended = async (now: string) => (await status(patient, "mine", now))["ended"];
  assert.equal(await ended(at(0)), false, "before the first meeting");
  await claim(visit, at(0));
  assert.equal(await ended(at(1)), false, "during the meeting");
  const over = { p_appointment: visit.id, p_by: visit.providerId, p_now: at(2) };
  await call("end_visit", over);
  assert.equal(await ended(at(2)), true);
  await claim(visit, at(3));
  assert.equal(await ended(at(3)), false, "reopened");
});

Deno.test("a meeting that Chime gave up has not ended the visit", async () => {
  const { visit, patient, status } = await setUp();
  const { meeting } = await claim(visit, at(0));
  await call("meeting_ended", {
    p_meeting: (meeting as { id: string }).id,
    p_reason: "not-found",
    p_by: null,
    p_now: at(1),
  });
  assert.equal((await status(patient, "mine", at(1)))["ended"], false);
});
