import type { Query } from "./supabase/database.ts";

/** What somebody finds who opens their visit now. `group` is an open visit of more than two. */
export type VisitState =
  | "open"
  | "group"
  | "too-early"
  | "over"
  | "cancelled"
  | "video-disabled"
  | "visit-misconfigured"
  | "visit-not-found"
  | "no-subject";

/** A row of `chime_page.participants` and what it opens. */
export interface ListedPerson {
  readonly appointmentId: string;
  readonly subject: string;
  readonly role: string;
  readonly name: string;
  readonly startsAt: Date | null;
  /** How many people the visit has, listed or not. */
  readonly invited: number;
  readonly state: VisitState;
  /** With `visit-misconfigured`: the columns with a wrong value. */
  readonly columns: readonly string[];
  /** Of the Supabase Auth user with this subject. */
  readonly email: string | null;
}

/** More would make a long list and a slow start; `--as` and the home page open any other. */
const MOST_VISITS = 50;
const MOST_PEOPLE = 10;

/**
 * Everybody in the visits that matter now: open ones first, then those nearest in time; providers
 * first in each. The times are those of the function's default settings.
 */
export async function listPeople(query: Query): Promise<readonly ListedPerson[]> {
  const rows = await query(LIST, [MOST_VISITS, MOST_PEOPLE]);
  return rows.map((row) => ({
    appointmentId: String(row["appointment_id"]),
    subject: String(row["subject"] ?? ""),
    role: String(row["role"]),
    name: String(row["display_name"] ?? "(no name)"),
    startsAt: row["starts_at"] ? new Date(String(row["starts_at"])) : null,
    invited: Number(row["people"]),
    state: row["state"] as VisitState,
    columns: row["faults"] as string[],
    email: row["email"] ? String(row["email"]) : null,
  }));
}

/** How many visits have participants. */
export async function countVisits(query: Query): Promise<number> {
  const [row] = await query(
    "select count(distinct appointment_id)::int as visits from chime_page.participants",
  );
  return Number(row?.["visits"] ?? 0);
}

const LIST = `
  with people as materialized (
    select p.*, row_number() over (
      partition by p.appointment_id
      order by
        -- On-call people, whom a view may have in an optional column, come last.
        to_jsonb(p) ->> 'listed' is not distinct from 'false',
        case p.role when 'provider' then 0 when 'patient' then 1 else 2 end, p.display_name
    ) as place
    from chime_page.participants as p
  ),
  visits as (
    select p.appointment_id, a.*, p.people, coalesce(
      a.status in ('scheduled', 'in_progress') and a.video_enabled
        and now() >= a.starts_at - interval '15 minutes'
        and now() < a.ends_at + interval '60 minutes', false) as is_open
    from (select appointment_id, count(*) as people from people group by 1) as p
    left join chime_page.appointments as a on a.id = p.appointment_id
    order by is_open desc, abs(extract(epoch from a.starts_at - now())), p.appointment_id
    limit $1
  )
  select p.appointment_id::text, p.subject, p.role, p.display_name, v.starts_at, v.people::int,
    f.faults, u.email,
    case
      when v.id is null then 'visit-not-found'
      when coalesce(p.subject, '') = '' then 'no-subject'
      when f.faults <> '{}' then 'visit-misconfigured'
      when v.status = 'cancelled' then 'cancelled'
      when v.status = 'completed' then 'over'
      when not v.video_enabled then 'video-disabled'
      when v.is_open then case when v.people > 2 then 'group' else 'open' end
      when now() < v.starts_at then 'too-early'
      else 'over'
    end as state
  from visits as v
  join people as p using (appointment_id)
  cross join lateral (select chime_page.faults_of(p.appointment_id, p.subject) as faults) as f
  left join auth.users as u on u.id::text = p.subject
  where p.place <= $2
  order by v.is_open desc, v.people > 2, abs(extract(epoch from v.starts_at - now())),
    p.appointment_id, p.place`;
