/**
 * No request may read a large table from beginning to end. Postgres itself counts what each statement
 * reads, also inside functions, on a database with 100,000 visits and a million events.
 */
import assert from "node:assert/strict";
import postgres from "postgres";
import { type Answer, at, callInSql, newHash, newToken, startEmpty } from "../support/database.ts";
import { hashOf, LAST_VISIT, manyBookings, manyVisits, visitId } from "../support/many_visits.ts";
import { startPostgres } from "../support/postgres.ts";
import { pathOf } from "../support/project.ts";
import { watchReads } from "../support/table_reads.ts";

// A real Postgres: PGlite takes several times as long to fill, and 2 GB of memory.
const server = await startPostgres();
const supabase = await startEmpty({ kind: "postgres", url: server.url });
const client = postgres(server.url, { max: 1, onnotice: () => {} });
const watch = watchReads(client);
Deno.test.afterAll(async () => {
  await client.end();
  await supabase.close();
  await server.stop();
});
await supabase.script(manyVisits());
await supabase.sql("analyze");

const visit = { p_appointment: visitId(LAST_VISIT) };
const now = { p_now: at(40) };
const [people] = await client`
  select min(subject) filter (where role = 'provider') as provider,
    min(subject) filter (where role = 'patient') as patient
  from chime_page.participants where appointment_id = ${visit.p_appointment}`;
const provider = { p_subject: people?.["provider"] as string };
const patient = { p_subject: people?.["patient"] as string };
const session = { p_session: hashOf(2 * LAST_VISIT) };
const spent = { p_pass: hashOf(2 * LAST_VISIT) };

/** Calls a function of the database, which must answer with this outcome. */
async function call(
  name: string,
  parameters: Record<string, unknown>,
  outcome: string,
): Promise<Answer> {
  const answer = await callInSql(client, name, parameters);
  assert.equal(answer.outcome, outcome, name);
  return answer;
}

const open = (parameters: Record<string, unknown>, outcome = "found") =>
  call("open", { ...visit, ...now, ...parameters }, outcome);

/** Opens the visit as its provider, and returns the meeting that this claims. */
async function claim(): Promise<{ readonly p_meeting: string }> {
  const { meeting } = await open({ ...provider, p_claim: newToken() });
  return { p_meeting: (meeting as { readonly id: string }).id };
}

/** What the Edge Function and operators do with the database. */
const requests: Record<string, () => Promise<unknown>> = {
  "a person with a token opens the visit, which makes a meeting": async () => {
    const opened = { ...provider, p_new_session: newHash(), p_claim: newToken() };
    const { meeting } = await open(opened);
    const p_meeting = (meeting as { readonly id: string }).id;
    const created = { p_meeting, p_chime: { MeetingId: "meeting" }, ...now };
    await call("meeting_created", created, "stored");
    await open({ ...patient, p_new_session: newHash(), p_claim: newToken() });
  },
  "a person opens a link, and opens it again": async () => {
    const pass = { p_pass: newHash() };
    const details = { ...pass, p_expires_at: null, p_closes_after_minutes: 60, ...now };
    await call("pass_create", { ...visit, ...patient, ...details }, "created");
    const first = newHash();
    await open({ ...pass, p_new_session: first });
    await open({ ...pass, p_session: first, p_new_session: newHash() });
    await open({ ...pass, p_new_session: newHash() });
  },
  "a person opens the visit with one of several cookies, after their token has expired": () =>
    open({
      p_session: [newHash(), session.p_session].join(),
      p_new_session: newHash(),
      p_expired_subject: patient.p_subject,
    }),
  "a person opens the visit on one device more than they can have": async () => {
    await client`
      insert into chime_page.sessions (
        hash, appointment_id, subject, participant_id, created_at, last_seen_at, expires_at
      )
      select sha256(n::text::bytea), appointment_id, subject, participant_id, created_at,
        last_seen_at, expires_at
      from chime_page.sessions, generate_series(1, 30) as n
      where hash = decode(${session.p_session}, 'hex')`;
    await open({ ...patient, p_new_session: newHash() });
  },
  "a page asks for its status": () =>
    call("status", { ...visit, ...now, ...session, p_page: "a", p_ready: true }, "found"),
  "a page leaves": () => call("leave", { ...visit, ...session, p_page: "page", ...now }, "left"),
  "a page sends events": () =>
    call("record", { ...visit, ...session, p_events: [{ name: "network" }], ...now }, "recorded"),
  "the session of a person who waits is kept": () =>
    call("session_keep", { ...visit, ...session, p_closes_after_minutes: 60, ...now }, "kept"),
  "a provider ends the visit": async () => {
    const meeting = await claim();
    await call("end_visit", { ...visit, p_by: null, ...now }, "ended");
    await call("meeting_deleted", { ...meeting, ...now }, "deleted");
  },
  "Chime no longer has the meeting, or refuses it": async () => {
    const { p_meeting } = await claim();
    await open({ ...provider, p_claim: newToken(), p_retire: p_meeting });
    const refused = { ...await claim(), p_reason: "refused-by-chime", p_by: null, ...now };
    await call("meeting_ended", refused, "ended");
  },
  "strangers are refused": async () => {
    await open({ p_subject: "stranger" }, "visit-not-found");
    await open({ ...provider, p_appointment: crypto.randomUUID() }, "visit-not-found");
    await open({ p_pass: newHash() }, "unauthenticated");
    await open({ ...spent }, "pass-spent");
    await open({ p_session: newHash() }, "unauthenticated");
  },
  "an operator revokes a person's access": () =>
    client`select chime_page.revoke(${visit.p_appointment}, participant_id)
      from chime_page.participants
      where appointment_id = ${visit.p_appointment} and subject = ${patient.p_subject}`,
};

/** Deletes what the first hours of a year left. */
const purge = async () => {
  const [row] = await client`select chime_page.purge(${at(180 - 5 * LAST_VISIT)}) as deleted`;
  const { passes, sessions, events } = row?.["deleted"];
  assert.ok(passes > 0 && sessions > 0 && events > 0);
};

/** With plans for the values of a call, and with plans that Postgres keeps for all values. */
async function assertIndexed(work = requests): Promise<void> {
  for (const mode of ["force_custom_plan", "force_generic_plan"]) {
    for (const [name, request] of Object.entries(work)) {
      const { read } = await watch(request, `plan_cache_mode = ${mode}`);
      assert.deepEqual(read, [], `Tables read from beginning to end when ${name} (${mode})`);
    }
  }
}

Deno.test("among 100,000 visits, no request reads a large table from beginning to end", async () => {
  await assertIndexed();
});

Deno.test("purging finds old events by an index", async () => {
  // The others have no index on their time: each request would have to keep it up to date.
  const others = ["chime_page.openings", "chime_page.passes", "chime_page.sessions"];
  assert.deepEqual((await watch(purge)).read, others);
  const { read } = await watch(async () => {
    await client`drop index chime_page.events_by_age`;
    await purge();
  });
  assert.match(read.join(), /chime_page\.events/);
});

Deno.test("these requests call every function of the database", async () => {
  const called = new Set<string>();
  for (const request of [...Object.values(requests), purge]) {
    for (const name of (await watch(request)).called) called.add(name);
  }
  // `chime_page.check`, which reads all rows, and what only it calls.
  const rows = await client`
    select p.oid::regproc::text as name
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where (n.nspname = 'chime_page' or (n.nspname = 'public' and p.proname ~ '^chime_page_'))
      and p.proname !~ '^(check(_.*)?|matters_now|current_people)$'`;
  assert.ok(rows.length > 25);
  const missing = rows.map(({ name }) => String(name)).filter((name) => !called.has(name));
  assert.deepEqual(missing, [], "Add a request that calls these functions to this file");
});

const INDEXES = [
  ["meetings_of_a_visit", "a page asks for its status", "chime_page.meetings"],
  ["sessions_of_a_visit", "a page asks for its status", "chime_page.sessions"],
  ["passes_not_yet_spent", "a page sends events", "chime_page.passes"],
  ["passes_of_a_person", "an operator revokes a person's access", "chime_page.passes"],
] as const;
for (const [index, name, table] of INDEXES) {
  Deno.test(`without ${index}, ${table} would be read when ${name}`, async () => {
    const { read } = await watch(async () => {
      await client.unsafe(`drop index chime_page.${index}`);
      await requests[name]?.();
    });
    assert.deepEqual(read, [table]);
  });
}

Deno.test("integer ids: with either pair of views, no request reads a large table", async () => {
  const apply = async (file: string) =>
    await supabase.script(
      await Deno.readTextFile(pathOf(`supabase/examples/bigint-ids/${file}`)),
    );
  await apply("tables.sql");
  await apply("views.sql");
  await supabase.script(manyBookings);
  await supabase.sql("analyze public.bookings, public.staff");
  await assertIndexed();
  await apply("views_without_columns.sql");
  await supabase.sql("analyze public.bookings");
  await assertIndexed();
  await assert.rejects(
    assertIndexed({
      "the index on the expression is missing": async () => {
        await client`drop index public.bookings_visit_uuid`;
        await open({ ...session });
      },
    }),
    /bookings/,
  );
});
