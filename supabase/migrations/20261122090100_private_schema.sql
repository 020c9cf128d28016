-- The private schema: two views an adopter may replace, and the tables the page owns.
--
-- It must never be listed in the API's schemas. The function reaches it through the functions of
-- the next migrations alone.

create schema chime_page;
revoke all on schema chime_page from public, anon, authenticated, service_role;

-- ---------------------------------------------------------------------------------------------
-- The contract with the adopter's tables. `create or replace view` keeps names, order and types of
-- the columns, so a replacement that breaks the contract is refused when it is made, not when a
-- patient waits. The views run with the rights of their owner, which is what lets the functions
-- read tables that are closed to the API; so they must stay in this unexposed schema.

create view chime_page.appointments as
select a.id, a.starts_at, a.ends_at, a.status, a.video_enabled, a.media_region
from public.visit_appointments as a;

comment on view chime_page.appointments is
  'Contract, replaceable: one row a visit. Replace with `create or replace view`, same columns, same types, in the same order.';
comment on column chime_page.appointments.id is
  'Unique. It stands in the URL of the visit.';
comment on column chime_page.appointments.starts_at is
  'Agreed start. A visit without one never opens.';
comment on column chime_page.appointments.ends_at is
  'Agreed end. A visit without one never opens: give a default length where the source has none.';
comment on column chime_page.appointments.status is
  'scheduled | in_progress | completed | cancelled. Map every other word; only the first two open.';
comment on column chime_page.appointments.video_enabled is
  'False: the visit exists and is not held by video.';
comment on column chime_page.appointments.media_region is
  'AWS media region, or null for the configured one. Cast to text.';

create view chime_page.participants as
select
  p.appointment_id,
  p.subject,
  p.id as participant_id,
  p.role,
  p.display_name,
  p.locale,
  p.time_zone
from public.visit_participants as p;

comment on view chime_page.participants is
  'Contract, replaceable: one row a person of a visit. Whoever is not in it is a stranger, at once. Replace with `create or replace view`, same columns, same types, in the same order.';
comment on column chime_page.participants.appointment_id is
  'appointments.id.';
comment on column chime_page.participants.subject is
  'The `sub` of the person''s token. Null or empty lets nobody in.';
comment on column chime_page.participants.participant_id is
  'Stable id of the person, shown to the others and to Chime. Never a name, an address or a token.';
comment on column chime_page.participants.role is
  'provider | patient | guest. Providers start the visit and may end it for everyone.';
comment on column chime_page.participants.display_name is
  'What the others of this visit read. It stays in the page and is sent to nobody else.';
comment on column chime_page.participants.locale is
  'Language of the page for this person, such as fr; null: what the browser asks for.';
comment on column chime_page.participants.time_zone is
  'IANA name, such as Africa/Douala; null: the browser''s.';

-- ---------------------------------------------------------------------------------------------
-- Owned tables. None refers to the adopter's tables by a foreign key: those may be views, may be in
-- another schema, and are not ours to lock.

create table chime_page.meetings (
  id uuid primary key default gen_random_uuid(),
  appointment_id uuid not null,
  request_token text not null unique,
  chime jsonb,
  claimed_at timestamptz not null,
  created_at timestamptz,
  provider_in_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  ended_by uuid,
  -- Source: Amazon Chime SDK API reference, CreateMeeting, ClientRequestToken.
  constraint meetings_request_token check (request_token ~ '^[-_a-zA-Z0-9]{2,64}$'),
  constraint meetings_chime_is_an_object check (jsonb_typeof(chime) = 'object'),
  constraint meetings_created_with_chime check ((created_at is null) = (chime is null)),
  -- Whoever holds a join token is in the meeting. It belongs to one person's page and to no table.
  constraint meetings_hold_no_join_token check (chime::text !~* '"join_?token"'),
  constraint meetings_end_reason check (end_reason ~ '^[a-z][a-z0-9-]{0,39}$'),
  constraint meetings_ended_with_a_reason check ((ended_at is null) = (end_reason is null))
);

comment on table chime_page.meetings is
  'Chime meetings of visits. The row is written before Chime is asked, so that everybody who asks sends the same request token and gets the same meeting.';
comment on column chime_page.meetings.chime is
  'Chime''s Meeting as CreateMeeting answered it, without attendees; null until it was created.';
comment on column chime_page.meetings.provider_in_at is
  'When the first provider came in: from then on the waiting room is open.';

-- At most one live meeting a visit, whatever happens at the same time.
create unique index meetings_one_live_a_visit on chime_page.meetings (appointment_id)
where ended_at is null;

create table chime_page.passes (
  id uuid primary key default gen_random_uuid(),
  hash bytea not null unique,
  appointment_id uuid not null,
  subject text not null,
  participant_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  spent_at timestamptz,
  revoked_at timestamptz,
  constraint passes_hash_is_sha_256 check (octet_length(hash) = 32)
);

comment on table chime_page.passes is
  'Single-use links. Only the SHA-256 is kept, so the table opens nothing.';

create index passes_of_a_person on chime_page.passes (appointment_id, subject, created_at);

create table chime_page.sessions (
  id uuid primary key default gen_random_uuid(),
  hash bytea not null unique,
  appointment_id uuid not null,
  subject text not null,
  participant_id uuid not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint sessions_hash_is_sha_256 check (octet_length(hash) = 32)
);

comment on table chime_page.sessions is
  'Opened pages: one person in one visit. Who the person is gets looked up again at every use.';

create index sessions_of_a_visit on chime_page.sessions (appointment_id, last_seen_at);

create table chime_page.events (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  name text not null,
  appointment_id uuid not null,
  participant_id uuid,
  session_id uuid,
  meeting_id uuid,
  data jsonb not null default '{}',
  constraint events_name check (
    name in (
      'pass-created', 'pass-spent', 'session-started', 'access-revoked',
      'meeting-claimed', 'meeting-created', 'meeting-ended', 'page'
    )
  ),
  constraint events_data_is_a_small_object check (
    jsonb_typeof(data) = 'object' and octet_length(data::text) <= 4096
  ),
  constraint events_page_has_its_own_name check (
    name <> 'page' or coalesce(data ->> 'name', '') ~ '^[a-z][a-z0-9-]{0,39}$'
  )
);

comment on table chime_page.events is
  'Audit and telemetry, append-only. Ids only: never a name, a subject or a token.';

create index events_of_a_visit on chime_page.events (appointment_id, at);
create index events_of_a_session on chime_page.events (session_id, at);
create index events_by_age on chime_page.events (at);

-- Row-level security without policies is the second lock behind the unexposed schema.
alter table chime_page.meetings enable row level security;
alter table chime_page.passes enable row level security;
alter table chime_page.sessions enable row level security;
alter table chime_page.events enable row level security;
revoke all on all tables in schema chime_page from public, anon, authenticated, service_role;

create function chime_page.refuse_change_of_events() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- chime_page.purge sets this for its own transaction.
  if tg_op = 'DELETE' and current_setting('chime_page.purging', true) = 'on' then
    return old;
  end if;
  raise exception 'chime_page.events is append-only: % refused', lower(tg_op)
    using errcode = 'insufficient_privilege',
      hint = 'Old events are deleted with chime_page.purge(before).';
end
$$;

create trigger events_rows_are_append_only
before update or delete on chime_page.events
for each row execute function chime_page.refuse_change_of_events();

create trigger events_table_is_append_only
before truncate on chime_page.events
for each statement execute function chime_page.refuse_change_of_events();

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;
