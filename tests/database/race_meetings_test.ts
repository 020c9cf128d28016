import assert from "node:assert/strict";
import { call, CALLERS, server, sql, supabase, together } from "./race.ts";
import {
  type Answer,
  at,
  callerOf,
  makeVisit,
  newHash,
  newToken,
  startEmpty,
} from "../support/database.ts";

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

/** A visit with a provider for each caller: one person alone would reach the limit. */
async function makeCrowd(): Promise<Crowd> {
  const { id } = await makeVisit(sql);
  const providers = Array.from({ length: CALLERS }, () => crypto.randomUUID());
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

Deno.test("50 people who open a visit at once get one meeting and one request token", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeCrowd();
    const answers = await together(CALLERS, (index) => openAsProvider(visit, index));
    const tokens = new Set(answers.map((answer) => meetingOf(answer).request_token));
    assert.equal(tokens.size, 1);
    assert.deepEqual(await meetingsOf(visit.id), { live: 1, ended: 0 });
  }
});

Deno.test("50 people who find the meeting dead at once replace it once", async () => {
  for (let round = 0; round < 10; round++) {
    const visit = await makeCrowd();
    const dead = meetingOf(await openAsProvider(visit)).id;
    const answers = await together(CALLERS, (index) => openAsProvider(visit, index, dead));
    const ids = new Set(answers.map((answer) => meetingOf(answer).id));
    assert.equal(ids.size, 1);
    assert.ok(!ids.has(dead));
    assert.deepEqual(await meetingsOf(visit.id), { live: 1, ended: 1 });
  }
});

Deno.test("a person who claims a meeting while others end it still gets one", async () => {
  const visit = await makeCrowd();
  await openAsProvider(visit, 1);
  for (let round = 0; round < 20; round++) {
    const [live] = await sql(
      "select id from chime_page.meetings where appointment_id = $1 and ended_at is null",
      [visit.id],
    );
    const answers = await together(CALLERS, (index) =>
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
    // Callers whose index is a multiple of five only end the meeting.
    await openAsProvider(visit, 5 * (round % 10));
    assert.equal((await meetingsOf(visit.id)).live, 1);
  }
});

Deno.test("of 20 who store Chime's response at once, one writes the event and all succeed", async () => {
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

Deno.test("20 who end a visit at once are all told the one meeting to delete", async () => {
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

Deno.test("two projects on one database return the same meeting over the Data API", async () => {
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
