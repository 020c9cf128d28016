import assert from "node:assert/strict";
import {
  at,
  callerOf,
  eventsOf,
  makePass,
  makeSession,
  makeVisit,
  newHash,
  newToken,
  startEmpty,
} from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

Deno.test("a link is spent by its page's first request, and counted once", async () => {
  const visit = await makeVisit(sql);
  const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
  const opening = { p_appointment: visit.id, p_now: at(1), p_pass: pass };
  const first = await call("open", { ...opening, p_new_session: session });
  assert.deepEqual([first.outcome, first["via"]], ["found", "pass"]);
  await call("open", { p_appointment: visit.id, p_now: at(1.01), p_session: session });
  assert.deepEqual(
    await call("open", { ...opening, p_now: at(1.02), p_new_session: newHash() }),
    { outcome: "pass-spent" },
  );
  assert.deepEqual(await eventsOf(sql, visit.id), [
    "pass-created",
    "pass-spent",
    "session-started",
  ]);
});

Deno.test("every request of a page spends its link: status, join, end and events", async () => {
  const requests: Record<string, (visit: string, session: string) => Promise<unknown>> = {
    "a call": (id, session) =>
      call("open", { p_appointment: id, p_now: at(1), p_session: session, p_claim: newToken() }),
    "events": (id, session) =>
      call("record", { p_appointment: id, p_now: at(1), p_session: session, p_events: [] }),
  };
  for (const [name, request] of Object.entries(requests)) {
    const visit = await makeVisit(sql);
    const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
    const opening = { p_appointment: visit.id, p_now: at(1), p_pass: pass };
    await call("open", { ...opening, p_new_session: session });
    await request(visit.id, session);
    const again = await call("open", { ...opening, p_new_session: newHash() });
    assert.equal(again.outcome, "pass-spent", name);
  }
});

Deno.test("a link whose response was lost opens again for a minute, and only its latest page works", async () => {
  const visit = await makeVisit(sql);
  const [pass, lost, kept] = [
    await makePass(call, visit.id, visit.patient),
    newHash(),
    newHash(),
  ];
  const opening = { p_appointment: visit.id, p_pass: pass };
  const open = (minute: number, session: string) =>
    call("open", { ...opening, p_now: at(minute), p_new_session: session });
  assert.equal((await open(1, lost)).outcome, "found");
  const again = await open(1.999, kept);
  assert.deepEqual([again.outcome, again["via"]], ["found", "pass"]);
  assert.deepEqual(again["present"], [visit.patientId]);
  const by = async (session: string) =>
    (await call("open", { p_appointment: visit.id, p_now: at(1.999), p_session: session })).outcome;
  assert.equal(await by(lost), "unauthenticated");
  assert.equal(await by(kept), "found");
  assert.deepEqual(await eventsOf(sql, visit.id), [
    "pass-created",
    "pass-spent",
    "session-started",
    "access-revoked",
    "session-started",
  ]);
});

for (
  const [name, expiresAt, minutes] of [
    ["a minute after its first opening a link is spent, whoever opened it since", 10, [1, 1.9, 2]],
    [
      "a link that expires within the minute after its opening still opens again in that minute",
      2,
      [1.9, 2.5, 2.9],
    ],
  ] as const
) {
  Deno.test(name, async () => {
    const visit = await makeVisit(sql);
    const pass = await makePass(call, visit.id, visit.patient, at(expiresAt));
    const outcomes: string[] = [];
    for (const minute of minutes) {
      const answer = await call("open", {
        p_appointment: visit.id,
        p_pass: pass,
        p_now: at(minute),
        p_new_session: newHash(),
      });
      outcomes.push(answer.outcome);
    }
    assert.deepEqual(outcomes, ["found", "found", "pass-spent"]);
  });
}

Deno.test("a browser that opens a link again with its page's session keeps that session", async () => {
  const visit = await makeVisit(sql);
  const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
  const opening = { p_appointment: visit.id, p_now: at(1), p_pass: pass };
  await call("open", { ...opening, p_new_session: session });
  const again = await call("open", {
    ...opening,
    p_session: `${newHash()},${session}`,
    p_new_session: newHash(),
  });
  assert.deepEqual([again["via"], again["session"]], ["session", session]);
  const rows = await sql("select 1 from chime_page.sessions where appointment_id = $1", [visit.id]);
  assert.equal(rows.length, 1);
});

Deno.test("a second call of the server within one request does not spend the link", async () => {
  const visit = await makeVisit(sql);
  const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
  const opening = { p_appointment: visit.id, p_now: at(1) };
  await call("open", { ...opening, p_pass: pass, p_new_session: session });
  await call("open", { ...opening, p_session: session, p_new_session: session });
  const again = await call("open", { ...opening, p_pass: pass, p_new_session: newHash() });
  assert.equal(again.outcome, "found");
});

Deno.test("a pass expires to the millisecond, and an expired one is not spent", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient, at(2));
  const opening = { p_appointment: visit.id, p_pass: pass };
  const late = await call("open", { ...opening, p_now: at(2) });
  assert.deepEqual(late, { outcome: "pass-expired" });
  const inTime = await call("open", { ...opening, p_now: at(1.999) });
  assert.equal(inTime.outcome, "found");
});

Deno.test("an unknown pass and a pass of another visit are refused, and the latter stays valid", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  const pass = await makePass(call, other.id, other.patient);
  const expected = { outcome: "unauthenticated" };
  const opening = { p_appointment: visit.id, p_now: at(0) };
  assert.deepEqual(await call("open", { ...opening, p_pass: newHash() }), expected);
  assert.deepEqual(await call("open", { ...opening, p_pass: pass }), expected);
  const right = await call("open", { p_appointment: other.id, p_now: at(0), p_pass: pass });
  assert.equal(right.outcome, "found");
});

Deno.test("the pass of a person who was removed from the visit is not spent", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient);
  await sql("delete from public.visit_participants where id = $1", [visit.patientId]);
  const answer = await call("open", { p_appointment: visit.id, p_now: at(0), p_pass: pass });
  assert.deepEqual(answer, { outcome: "visit-not-found" });
  const [row] = await sql(
    "select opened_at, spent_at from chime_page.passes where appointment_id = $1",
    [visit.id],
  );
  assert.deepEqual(row, { opened_at: null, spent_at: null });
});

Deno.test("a link that no longer opens falls back to a live session of the same person, and to nobody else's", async () => {
  const visit = await makeVisit(sql);
  const own = await makeSession(call, visit.id, visit.patient);
  const others = await makeSession(call, visit.id, visit.provider);
  const opening = { p_appointment: visit.id, p_now: at(0) };
  const spent = await makePass(call, visit.id, visit.patient);
  await call("open", { ...opening, p_pass: spent });
  const expired = await makePass(call, visit.id, visit.patient, at(-1));
  const revoked = await makePass(call, visit.id, visit.patient);
  await sql("update chime_page.passes set revoked_at = $1 where hash = decode($2, 'hex')", [
    at(0),
    revoked,
  ]);
  const links = {
    "pass-spent": spent,
    "pass-expired": expired,
    "unauthenticated": revoked,
  };
  for (const [outcome, pass] of Object.entries(links)) {
    const byOwn = await call("open", { ...opening, p_pass: pass, p_session: own });
    assert.deepEqual([byOwn.outcome, byOwn["session"]], ["found", own], outcome);
    const byBoth = await call("open", {
      ...opening,
      p_pass: pass,
      p_session: `${own},${others}`,
    });
    assert.equal(byBoth["session"], own, outcome);
    const byOthers = await call("open", { ...opening, p_pass: pass, p_session: others });
    assert.deepEqual(byOthers, { outcome });
  }
});

Deno.test("an unknown link lets nobody in, whatever session comes with it", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  const opening = { p_appointment: visit.id, p_now: at(0), p_session: session };
  assert.deepEqual(await call("open", { ...opening, p_pass: newHash() }), {
    outcome: "unauthenticated",
  });
});
