import assert from "node:assert/strict";
import postgres from "postgres";
import { startPostgres } from "../support/postgres.ts";
import {
  type Answer,
  at,
  type Call,
  callerOf,
  makePass,
  makeVisit,
  newHash,
  newToken,
  startEmpty,
} from "../support/database.ts";

// One connection for each caller: only then do their transactions really overlap.
const callers = 50;
const server = await startPostgres();
const supabase = await startEmpty({ kind: "postgres", url: server.url });
const pool = postgres(server.url, { max: callers, onnotice: () => {} });
const { sql } = supabase;
Deno.test.afterAll(async () => {
  await pool.end();
  await supabase.close();
  await server.stop();
});

/** As {@link callerOf}, straight to the database. */
const call: Call = async (name, parameters) => {
  const named = Object.keys(parameters).map((key, index) => `${key} => $${index + 1}`);
  const text = `select public.chime_page_${name}(${named.join(", ")}) as answer`;
  const [row] = await pool.unsafe(text, Object.values(parameters) as string[]);
  return row?.["answer"] as Answer;
};

/** All at once, in as many sessions. */
function together(count: number, work: (index: number) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

function meetingOf(answer: Answer): { readonly id: string; readonly request_token: string } {
  assert.notEqual(answer["meeting"], null);
  return answer["meeting"] as { readonly id: string; readonly request_token: string };
}

async function meetingsOf(appointment: string): Promise<{ live: number; ended: number }> {
  const [row] = await sql(
    `select count(*) filter (where ended_at is null)::int as live,
            count(ended_at)::int as ended
     from chime_page.meetings where appointment_id = $1`,
    [appointment],
  );
  return { live: Number(row?.["live"]), ended: Number(row?.["ended"]) };
}

/** A visit with as many providers as there are callers: one person alone is let in less often. */
async function makeCrowd(): Promise<Crowd> {
  const { id } = await makeVisit(sql);
  const providers = Array.from({ length: callers }, () => crypto.randomUUID());
  await sql(
    `insert into public.visit_participants (appointment_id, subject, role, display_name)
     select $1, subject, 'provider', 'Somebody' from unnest($2::text[]) as subject`,
    [id, providers],
  );
  return { id, providers };
}

interface Crowd {
  readonly id: string;
  readonly providers: readonly string[];
}

function openAsProvider(visit: Crowd, index = 0, retire: string | null = null) {
  return call("open", {
    p_appointment: visit.id,
    p_now: at(0),
    p_subject: visit.providers[index] ?? "",
    p_new_session: newHash(),
    p_claim: newToken(),
    p_retire: retire,
  });
}

// Opened before the first race, so that no caller is late for it.
await Promise.all(Array.from({ length: callers }, () => pool`select pg_sleep(0.05)`));

Deno.test("50 who open a visit at once get one meeting and one request token", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeCrowd();
    const answers = await together(callers, (index) => openAsProvider(visit, index));
    const tokens = new Set(answers.map((answer) => meetingOf(answer).request_token));
    assert.equal(tokens.size, 1);
    assert.deepEqual(await meetingsOf(visit.id), { live: 1, ended: 0 });
  }
});

async function liveSessions(appointment: string): Promise<string[]> {
  const rows = await sql(
    `select encode(hash, 'hex') as hash from chime_page.sessions
     where appointment_id = $1 and revoked_at is null`,
    [appointment],
  );
  return rows.map(({ hash }) => String(hash));
}

Deno.test("of 20 who open one link at once, exactly one has a session that lives", async () => {
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

Deno.test("pages that speak while their link is opened again: one session lives, and none waits for ever", async () => {
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
    // The page spoke first, and all others were too late; or it was shut out, and heard nothing.
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

Deno.test("revoking while a link is opened leaves no session alive", async () => {
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

Deno.test("50 who find the meeting dead at once retire it once and get one new meeting", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeCrowd();
    const dead = meetingOf(await openAsProvider(visit)).id;
    const answers = await together(callers, (index) => openAsProvider(visit, index, dead));
    const ids = new Set(answers.map((answer) => meetingOf(answer).id));
    assert.equal(ids.size, 1);
    assert.ok(!ids.has(dead));
    assert.deepEqual(await meetingsOf(visit.id), { live: 1, ended: 1 });
  }
});

Deno.test("whoever claims while others end the meeting still gets one", async () => {
  const visit = await makeCrowd();
  await openAsProvider(visit, 1);
  for (let round = 0; round < 20; round++) {
    const [live] = await sql(
      "select id from chime_page.meetings where appointment_id = $1 and ended_at is null",
      [visit.id],
    );
    const answers = await together(callers, (index) =>
      index % 5 === 0
        ? call("meeting_ended", {
          p_meeting: live?.["id"],
          p_reason: "by-provider",
          p_by: null,
          p_now: at(1),
        })
        : openAsProvider(visit, index));
    for (const answer of answers) if (answer.outcome === "found") meetingOf(answer);
    const endings = answers.filter((answer) => answer.outcome === "ended");
    assert.equal(endings.length, 1);
    // The callers whose index is a multiple of five only end it.
    await openAsProvider(visit, 5 * (round % 10));
    assert.equal((await meetingsOf(visit.id)).live, 1);
  }
});

Deno.test("one of 20 who store what Chime answered writes the event, all are told it is stored", async () => {
  const { id } = meetingOf(await openAsProvider(await makeCrowd()));
  const answers = await together(20, () =>
    call("meeting_created", {
      p_meeting: id,
      p_chime: { MeetingId: "m" } as unknown as string,
      p_now: at(0),
    }));
  assert.ok(answers.every((answer) => answer.outcome === "stored"));
  const events = await sql(
    "select 1 from chime_page.events where meeting_id = $1 and name = 'meeting-created'",
    [id],
  );
  assert.equal(events.length, 1);
});

Deno.test("of 50 openings of one person at once 30 are let through, and 20 sessions stay", async () => {
  const visit = await makeVisit(sql);
  const answers = await together(callers, () =>
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

Deno.test("of 20 who end a visit at once, all are told of the one meeting to delete", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeCrowd();
    const { id } = meetingOf(await openAsProvider(visit));
    const answers = await together(
      20,
      () => call("end_visit", { p_appointment: visit.id, p_by: null, p_now: at(0) }),
    );
    for (const answer of answers) {
      assert.deepEqual((answer["to_delete"] as { id: string }[]).map((one) => one.id), [id]);
    }
    assert.deepEqual(await meetingsOf(visit.id), { live: 0, ended: 1 });
  }
});

Deno.test("the limit of passes holds for simultaneous calls too", async () => {
  const visit = await makeVisit(sql);
  const answers = await together(callers, () =>
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

Deno.test("two projects on one database hand out the same meeting over the Data API", async () => {
  const second = await startEmpty({ kind: "postgres", url: server.url });
  try {
    assert.deepEqual(second.appliedMigrations, []);
    const visit = await makeVisit(sql);
    const apis = [callerOf(supabase), callerOf(second)];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const open = apis[index % 2] ?? call;
        return open("open", {
          p_appointment: visit.id,
          p_now: at(0),
          p_subject: visit.provider,
          p_claim: newToken(),
        });
      }),
    );
    const ids = new Set(answers.map((answer) => meetingOf(answer).id));
    assert.equal(ids.size, 1);
    const [p_meeting] = ids;
    const p_chime = { MeetingId: "m", MediaPlacement: { AudioHostUrl: "wss://example.org" } };
    const stored = { p_meeting, p_chime, p_now: at(0) };
    assert.equal((await callerOf(second)("meeting_created", stored)).outcome, "stored");
    const again = await callerOf(supabase)("open", {
      p_appointment: visit.id,
      p_now: at(0),
      p_subject: visit.provider,
    });
    assert.deepEqual((again["meeting"] as Record<string, unknown>)["chime"], p_chime);
  } finally {
    await second.close();
  }
});
