import assert from "node:assert/strict";
import { call, CALLERS, pool, sql, together } from "./race.ts";
import { at, makePass, makeVisit, newHash, newToken } from "../support/database.ts";

async function liveSessions(appointment: string): Promise<string[]> {
  const rows = await sql(
    `select encode(hash, 'hex') as hash from chime_page.sessions
     where appointment_id = $1 and revoked_at is null`,
    [appointment],
  );
  return rows.map(({ hash }) => String(hash));
}

Deno.test("of 20 simultaneous openings of one link exactly one has a live session", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeVisit(sql);
    const pass = await makePass(call, visit.id, visit.patient);
    const sessions = Array.from({ length: 20 }, newHash);
    const answers = await together(20, (index) =>
      call("open", {
        p_appointment: visit.id,
        p_now: at(0),
        p_pass: pass,
        p_new_session: sessions[index],
      }));
    assert.ok(answers.every((answer) => answer["via"] === "pass"));
    const [live, ...more] = await liveSessions(visit.id);
    assert.ok(live !== undefined && sessions.includes(live));
    assert.deepEqual(more, []);
  }
});

Deno.test("when a page's first request races with openings of its link, one session works and nothing deadlocks", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeVisit(sql);
    const pass = await makePass(call, visit.id, visit.patient);
    const first = newHash();
    const opening = { p_appointment: visit.id, p_now: at(0) };
    await call("open", { ...opening, p_pass: pass, p_new_session: first });
    const answers = await together(20, (index) => {
      if (index % 4 === 0) return call("open", { ...opening, p_session: first });
      if (index % 4 === 1) {
        return call("record", {
          ...opening,
          p_session: first,
          p_events: [{ name: "tick", at: 1 }] as unknown as string,
        });
      }
      return call("open", { ...opening, p_pass: pass, p_new_session: newHash() });
    });
    const [live, ...more] = await liveSessions(visit.id);
    assert.deepEqual(more, []);
    // Either the page came first and all openings were too late, or it was shut out.
    const heard = answers.some((answer, index) =>
      index % 4 < 2 && answer.outcome !== "unauthenticated"
    );
    const opened = answers.some((answer, index) => index % 4 > 1 && answer.outcome === "found");
    assert.deepEqual(
      [live === first, heard, opened],
      live === first ? [true, true, false] : [false, false, true],
    );
  }
});

Deno.test("revoking while a link is opened leaves no live session", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeVisit(sql);
    const pass = await makePass(call, visit.id, visit.patient);
    await Promise.all([
      together(10, () =>
        call("open", {
          p_appointment: visit.id,
          p_now: at(0),
          p_pass: pass,
          p_new_session: newHash(),
        })),
      pool`select chime_page.revoke(${visit.id}, ${visit.patientId})`,
    ]);
    assert.deepEqual(await liveSessions(visit.id), []);
  }
});

Deno.test("of 50 simultaneous openings of one person 30 succeed, and 20 sessions stay", async () => {
  const visit = await makeVisit(sql);
  const answers = await together(CALLERS, () =>
    call("open", {
      p_appointment: visit.id,
      p_now: at(0),
      p_subject: visit.provider,
      p_new_session: newHash(),
      p_claim: newToken(),
    }));
  assert.equal(answers.filter((answer) => answer.outcome === "found").length, 30);
  assert.equal(answers.filter((answer) => answer.outcome === "rate-limited").length, 20);
  const sessions = await sql("select 1 from chime_page.sessions where appointment_id = $1", [
    visit.id,
  ]);
  assert.equal(sessions.length, 20);
});

Deno.test("the limit of passes holds for simultaneous calls too", async () => {
  const visit = await makeVisit(sql);
  const answers = await together(CALLERS, () =>
    call("pass_create", {
      p_appointment: visit.id,
      p_subject: visit.patient,
      p_pass: newHash(),
      p_expires_at: at(2),
      p_closes_after_minutes: 60,
      p_now: at(0),
    }));
  assert.equal(answers.filter((answer) => answer.outcome === "created").length, 20);
});

Deno.test("the limit of events holds for simultaneous batches too", async () => {
  const visit = await makeVisit(sql);
  const session = newHash();
  await call("open", {
    p_appointment: visit.id,
    p_now: at(0),
    p_subject: visit.patient,
    p_new_session: session,
  });
  const batch = Array.from({ length: 100 }, () => ({ name: "tick", at: 1 }));
  const answers = await together(20, () =>
    call("record", {
      p_appointment: visit.id,
      p_session: session,
      p_events: batch as unknown as string,
      p_now: at(0),
    }));
  assert.equal(answers.filter((answer) => answer.outcome === "recorded").length, 6);
});
