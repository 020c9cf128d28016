import { at } from "./database.ts";

/** The last of the visits of `manyVisits`: from 12:00 to 12:30. Everything in it happened until 12:25. */
export const LAST_VISIT = 100_000;

/** The id of a visit, as `visit_uuid` of the example `bigint-ids` computes it. */
export function visitId(visit: number): string {
  const hex = visit.toString(16).padStart(32, "0");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The hash of the link, and of the session, of the person with this number. */
export function hashOf(person: number): string {
  return person.toString(16).padStart(64, "0");
}

/**
 * SQL that fills the default tables and those of the project as after so many visits of a provider and
 * a patient, one every five minutes: with a meeting each, two links, sessions and pages, and ten events.
 * The last one is from 12:00 to 12:30. The people of a visit are numbered `2 * visit - 1` (its provider) and `2 * visit`.
 * All ids ascend, because indexes grow fastest at their end.
 */
export const manyVisits = (visits: number = LAST_VISIT): string => `
  -- Does not check the foreign keys of each row.
  set local session_replication_role = replica;

  create temporary table people on commit drop as
  select k, n, lpad(to_hex(n), 32, '0')::uuid as visit, lpad(to_hex(k), 32, '0')::uuid as id,
    decode(lpad(to_hex(k), 64, '0'), 'hex') as hash,
    case when k % 2 = 0 then 'patient' else 'provider' end as role,
    md5(case when k % 2 = 0 then 'patient ' || n else 'staff ' || n % 200 end)::uuid::text as subject,
    '${at(0)}'::timestamptz - (${visits} - n) * interval '5 minutes' as starts_at
  from generate_series(1, ${2 * visits}) as k, lateral (select (k + 1) / 2 as n) as v;

  insert into public.visit_appointments (id, starts_at, ends_at, status)
  select visit, starts_at, starts_at + interval '30 minutes', 'scheduled'
  from people where role = 'provider';

  insert into public.visit_participants (id, appointment_id, subject, role, display_name)
  select id, visit, subject, role, 'Aïcha Bello' from people;

  insert into chime_page.meetings (
    id, appointment_id, request_token, chime, claimed_at, created_at, provider_in_at, ended_at,
    end_reason, deleted_at
  )
  select id, visit, lpad(n::text, 6, '0'), '{"MeetingId": "meeting"}', starts_at, starts_at,
    starts_at, starts_at + interval '20 minutes', 'ended-by-provider',
    starts_at + interval '20 minutes'
  from people where role = 'provider';

  insert into chime_page.sessions (
    id, hash, appointment_id, subject, participant_id, created_at, last_seen_at, expires_at, left_at
  )
  select id, hash, visit, subject, id, starts_at, starts_at + interval '25 minutes',
    starts_at + interval '90 minutes', starts_at + interval '25 minutes'
  from people;

  insert into chime_page.pages (session_id, page, seen_at, ready)
  select id, 'page', starts_at + interval '25 minutes', true from people;

  insert into chime_page.passes (
    id, hash, appointment_id, subject, participant_id, created_at, expires_at, opened_at, spent_at,
    session_hash
  )
  select id, hash, visit, subject, id, starts_at - interval '1 hour',
    starts_at + interval '90 minutes', starts_at, starts_at, hash
  from people;

  insert into chime_page.openings (appointment_id, participant_id, paced_until)
  select visit, id, starts_at + interval '20 seconds' from people;

  insert into chime_page.events (at, name, appointment_id, participant_id, session_id, data)
  select starts_at + generate_series(1, 5) * interval '1 minute', 'page', visit, id, id,
    '{"name": "network"}'
  from people;
`;

/** The same visits and people in the tables of the example `bigint-ids`. */
export const manyBookings = `
  insert into public.staff (auth_id, name)
  select md5('staff ' || n % 200)::uuid, 'Dr. Hélène Mbarga' from generate_series(1, 200) as n;

  insert into public.bookings (
    visit_id, clinician_id, patient_auth_id, patient_name, begins, minutes, state
  )
  select lpad(to_hex(n), 32, '0')::uuid, (n - 1) % 200 + 1, md5('patient ' || n)::uuid,
    'Aïcha Bello', '${
  at(0)
}'::timestamptz - (${LAST_VISIT} - n) * interval '5 minutes', 30, 'booked'
  from generate_series(1, ${LAST_VISIT}) as n;
`;
