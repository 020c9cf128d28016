-- The private schema: two views you can replace, and the tables that belong to this project.
--
-- Never add it to the API's exposed schemas. The Edge Function accesses it only through the
-- functions in the later migrations.

create schema chime_page;
revoke all on schema chime_page from public, anon, authenticated, service_role;

-- ---------------------------------------------------------------------------------------------
-- The contract with your tables. `create or replace view` requires the same column names, order and
-- types, so a replacement that breaks the contract fails when you create it, not while a patient is
-- waiting. The views run with their owner's privileges, so that the functions can read tables that
-- are closed to the API. They must therefore stay in this unexposed schema.

create view chime_page.appointments as
select a.id, a.starts_at, a.ends_at, a.status, a.video_enabled, a.media_region
from public.visit_appointments as a;

comment on view chime_page.appointments is
  'One row per visit. Part of the contract: replace it with `create or replace view`, keeping the column names, types and order.';
comment on column chime_page.appointments.id is
  'Unique. Appears in the URL of the visit.';
comment on column chime_page.appointments.starts_at is
  'Scheduled start. If null, nobody can join.';
comment on column chime_page.appointments.ends_at is
  'Scheduled end. If null, nobody can join, so use a default length if the source has none.';
comment on column chime_page.appointments.status is
  'scheduled | in_progress | completed | cancelled. Map your own values to these. Only the first two allow joining.';
comment on column chime_page.appointments.video_enabled is
  'False: the visit exists but does not take place by video.';
comment on column chime_page.appointments.media_region is
  'AWS media region. Null: the configured region. Cast to text.';

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
  'One row per person in a visit. Removing a row removes the person''s access immediately. Part of the contract: replace it with `create or replace view`, keeping the column names, types and order.';
comment on column chime_page.participants.appointment_id is
  'appointments.id.';
comment on column chime_page.participants.subject is
  'The `sub` claim of the person''s token. If null or empty, the person cannot join.';
comment on column chime_page.participants.participant_id is
  'Stable ID of the person, visible to the other participants and to Chime. Never a name, an address or a token.';
comment on column chime_page.participants.role is
  'provider | patient | guest. Providers start the visit and can end it for everyone.';
comment on column chime_page.participants.display_name is
  'Name shown to the other participants. It stays in the page and is sent to nobody else.';
comment on column chime_page.participants.locale is
  'Language of the page for this person, such as fr. Null: the language requested by the browser.';
comment on column chime_page.participants.time_zone is
  'IANA time zone name, such as Africa/Douala. Null: the time zone of the browser.';

-- ---------------------------------------------------------------------------------------------
-- Owned tables. None has a foreign key to your tables, which may be views, may be in another
-- schema, and must not be locked from here.

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
  -- A join token admits whoever holds it to the meeting, so it goes to one person's page only and
  -- is never stored.
  constraint meetings_hold_no_join_token check (chime::text !~* '"join_?token"'),
  constraint meetings_end_reason check (end_reason ~ '^[a-z][a-z0-9-]{0,39}$'),
  constraint meetings_ended_with_a_reason check ((ended_at is null) = (end_reason is null))
);

comment on table chime_page.meetings is
  'Chime meetings of visits. The row is written before CreateMeeting is called, so that all callers send the same request token and get the same meeting.';
comment on column chime_page.meetings.chime is
  'The Meeting object returned by CreateMeeting, without attendees. Null until the meeting is created.';
comment on column chime_page.meetings.provider_in_at is
  'When the first provider joined. From then on, nobody is held in the waiting room.';

-- At most one live meeting per visit, even with concurrent requests.
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
  'Single-use links. Only SHA-256 hashes are stored, so the contents of this table grant no access.';

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
  'Sessions of opened pages, each for one person in one visit. The person is looked up again on every request.';

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
  'Append-only audit and telemetry events. Contains only IDs: never a name, a subject or a token.';

create index events_of_a_visit on chime_page.events (appointment_id, at);
create index events_of_a_session on chime_page.events (session_id, at);
create index events_by_age on chime_page.events (at);

-- Row-level security without policies is a second safeguard, in addition to the unexposed schema.
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
  -- Set by chime_page.purge, for its own transaction only.
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
