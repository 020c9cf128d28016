import assert from "node:assert/strict";
import {
  at,
  callerOf,
  eventsOf,
  makePass,
  makeSession,
  makeVisit,
  newHash,
  startEmpty,
} from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

function createPass(appointment: string, subject: string, more: Record<string, unknown> = {}) {
  return call("pass_create", {
    p_appointment: appointment,
    p_subject: subject,
    p_pass: newHash(),
    p_expires_at: at(2),
    p_closes_after_minutes: 60,
    p_now: at(0),
    ...more,
  });
}

const page = (name: string, data: Record<string, unknown> = {}) => ({ name, at: 1200, data });

function record(appointment: string, session: string, events: unknown, now = at(0)) {
  return call("record", {
    p_appointment: appointment,
    p_session: session,
    p_events: events,
    p_now: now,
  });
}

Deno.test("a pass is only for people of the visit; a stranger and an unknown visit get the same answer", async () => {
  const visit = await makeVisit(sql);
  const expected = { outcome: "visit-not-found" };
  assert.deepEqual(await createPass(visit.id, "somebody-else"), expected);
  assert.deepEqual(await createPass(crypto.randomUUID(), visit.patient), expected);
  assert.equal((await createPass(visit.id, visit.patient)).outcome, "created");
});

Deno.test("a pass ends with the visit, but lasts for at least two minutes", async () => {
  const visit = await makeVisit(sql);
  const expiry = async (expiresAt: string, now: string) => {
    const answer = await createPass(visit.id, visit.patient, {
      p_expires_at: expiresAt,
      p_now: now,
    });
    return new Date(String(answer["expires_at"])).toISOString();
  };
  assert.equal(await expiry(at(2), at(0)), at(2));
  assert.equal(await expiry(at(1000), at(0)), at(90));
  assert.equal(await expiry(at(1000), at(500)), at(502));
});

Deno.test("a by-tap link may last until the visit closes, and its kind is recorded", async () => {
  const visit = await makeVisit(sql);
  const make = async (more: Record<string, unknown>) => {
    const answer = await createPass(visit.id, visit.patient, { p_opens: "by-tap", ...more });
    return new Date(String(answer["expires_at"])).toISOString();
  };
  assert.equal(await make({ p_expires_at: null, p_now: at(-600) }), at(90));
  assert.equal(await make({ p_expires_at: at(45) }), at(45));
  assert.equal(await make({ p_expires_at: at(1000) }), at(90));
  await createPass(visit.id, visit.patient);
  const rows = await sql(
    `select p.opens, count(*)::int as passes, (
       select count(*)::int from chime_page.events as e
       where e.appointment_id = $1 and e.name = 'pass-created' and e.data ->> 'opens' = p.opens
     ) as events
     from chime_page.passes as p where p.appointment_id = $1 group by p.opens order by p.opens`,
    [visit.id],
  );
  assert.deepEqual(rows, [
    { opens: "at-once", passes: 1, events: 1 },
    { opens: "by-tap", passes: 3, events: 3 },
  ]);
  await assert.rejects(
    createPass(visit.id, visit.patient, { p_opens: "by-magic" }),
    /violates check constraint "passes_opens"/,
  );
});

Deno.test("a person gets 20 passes of a visit in ten minutes, without affecting others", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  for (let count = 0; count < 20; count++) await makePass(call, visit.id, visit.patient);
  const limited = { outcome: "rate-limited" };
  assert.deepEqual(await createPass(visit.id, visit.patient), limited);
  assert.deepEqual(await createPass(visit.id, visit.patient, { p_now: at(9.999) }), limited);
  assert.equal((await createPass(visit.id, visit.provider)).outcome, "created");
  assert.equal((await createPass(other.id, other.patient)).outcome, "created");
  const later = await createPass(visit.id, visit.patient, { p_now: at(10) });
  assert.equal(later.outcome, "created");
});

Deno.test("events of a page are stored in order, for the page's person", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  const events = [page("joined", { transport: "udp" }), page("left")];
  assert.deepEqual(await record(visit.id, session, events), { outcome: "recorded" });
  const rows = await sql(
    `select participant_id, session_id is not null as has_session, data
     from chime_page.events where appointment_id = $1 and name = 'page' order by id`,
    [visit.id],
  );
  assert.deepEqual(
    rows,
    events.map((data) => ({ participant_id: visit.patientId, has_session: true, data })),
  );
});

Deno.test("events need a live session of a person who is still in the visit", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  const session = await makeSession(call, visit.id, visit.patient);
  const refused = { outcome: "unauthenticated" };
  assert.deepEqual(await record(visit.id, newHash(), [page("joined")]), refused);
  assert.deepEqual(await record(other.id, session, [page("joined")]), refused);
  assert.deepEqual(await record(visit.id, session, [page("joined")], at(90)), refused);
  await sql("delete from public.visit_participants where id = $1", [visit.patientId]);
  assert.deepEqual(await record(visit.id, session, [page("joined")]), refused);
});

Deno.test("a page can record 600 events in ten minutes, and a batch beyond that is refused", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  const batch = (size: number) => Array.from({ length: size }, () => page("tick"));
  assert.equal((await record(visit.id, session, batch(599))).outcome, "recorded");
  assert.equal((await record(visit.id, session, batch(2))).outcome, "rate-limited");
  assert.equal((await record(visit.id, session, batch(1))).outcome, "recorded");
  assert.equal((await record(visit.id, session, batch(1), at(9.999))).outcome, "rate-limited");
  assert.equal((await record(visit.id, session, batch(1), at(10))).outcome, "recorded");
  const kept = (await eventsOf(sql, visit.id)).filter((name) => name === "page");
  assert.equal(kept.length, 601);
});

Deno.test("a batch with anything but small named events is refused as a whole", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  await assert.rejects(record(visit.id, session, { name: "joined" }), { code: "22023" });
  const good = page("joined");
  for (const bad of [page("No Name"), {}, "text", page("big", { text: "x".repeat(5000) })]) {
    await assert.rejects(
      record(visit.id, session, [good, bad]),
      /violates check constraint "events_/,
    );
  }
  assert.deepEqual(await eventsOf(sql, visit.id), ["session-started"]);
});

Deno.test("events cannot be changed, deleted or emptied, even by their owner", async () => {
  const visit = await makeVisit(sql);
  await makeSession(call, visit.id, visit.patient);
  for (
    const statement of [
      "update chime_page.events set name = 'page'",
      "delete from chime_page.events",
      "truncate chime_page.events",
    ]
  ) {
    await assert.rejects(sql(statement), /append-only/, statement);
  }
  assert.deepEqual(await eventsOf(sql, visit.id), ["session-started"]);
});

Deno.test("no event contains a name, a subject, a pass, a session or a request token", async () => {
  const visit = await makeVisit(sql);
  const [pass, session, claim] = [newHash(), newHash(), `claim-${crypto.randomUUID()}`];
  await createPass(visit.id, visit.provider, { p_pass: pass });
  const answer = await call("open", {
    p_appointment: visit.id,
    p_now: at(0),
    p_pass: pass,
    p_new_session: session,
    p_claim: claim,
  });
  const { id } = answer["meeting"] as { readonly id: string };
  await call("meeting_created", { p_meeting: id, p_chime: { MeetingId: "m" }, p_now: at(0) });
  await record(visit.id, session, [page("joined")]);
  await call("meeting_ended", {
    p_meeting: id,
    p_reason: "by-provider",
    p_by: visit.providerId,
    p_now: at(1),
  });
  assert.deepEqual(await eventsOf(sql, visit.id), [
    "pass-created",
    "pass-spent",
    "session-started",
    "meeting-claimed",
    "meeting-created",
    "page",
    "meeting-ended",
  ]);
  const rows = await sql("select * from chime_page.events where appointment_id = $1", [visit.id]);
  const text = JSON.stringify(rows);
  for (const secret of [visit.provider, "Mbarga", pass, session, claim]) {
    assert.ok(!text.includes(secret), secret);
  }
});

Deno.test("a pass is stored only as a hash", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient);
  const [row] = await sql(
    "select encode(hash, 'hex') as hash, pg_typeof(hash)::text as type from chime_page.passes where appointment_id = $1",
    [visit.id],
  );
  assert.deepEqual(row, { hash: pass, type: "bytea" });
});
