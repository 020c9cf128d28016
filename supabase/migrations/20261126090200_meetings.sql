-- One meeting per appointment. An ended meeting is deleted in Chime even if a process dies in
-- between, a bad row in a view locks out nobody else, and the rate at which one person can open a
-- visit is limited.

-- ---------------------------------------------------------------------------------------------
-- A meeting is first ended here and then deleted in Chime. If the second step is missed, the
-- meeting is found the next time the visit is opened or ended.

alter table chime_page.meetings
  add column media_region text,
  add column deleted_at timestamptz,
  add constraint meetings_deleted_once_ended check (deleted_at is null or ended_at is not null);

comment on column chime_page.meetings.media_region is
  'The region the meeting was claimed for, so that repeated CreateMeeting calls with the same request token pass the same region. Null: the configured region.';
comment on column chime_page.meetings.deleted_at is
  'When the meeting was known to no longer exist in Chime. If null, an ended meeting must still be deleted.';

-- Chime ends every meeting after 24 hours.
update chime_page.meetings set deleted_at = ended_at where ended_at < now() - interval '24 hours';

create index meetings_to_delete on chime_page.meetings (appointment_id)
where ended_at is not null and deleted_at is null;

-- The fields of a meeting that the Edge Function needs.
create function chime_page.meeting_as_json(p_meeting chime_page.meetings) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  return jsonb_build_object(
    'id', p_meeting.id,
    'request_token', p_meeting.request_token,
    'media_region', p_meeting.media_region,
    'chime', p_meeting.chime
  );
end
$$;

-- Lists the ended meetings of a visit that may still exist in Chime, oldest first. This includes
-- meetings whose response was never stored: the request token finds them. Chime itself ends every
-- meeting after 24 hours.
create function chime_page.meetings_to_delete(p_appointment uuid, p_now timestamptz) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(jsonb_agg(chime_page.meeting_as_json(m) order by m.ended_at, m.id), '[]')
    from chime_page.meetings as m
    where m.appointment_id = p_appointment
      and m.ended_at is not null
      and m.deleted_at is null
      and m.claimed_at > p_now - interval '24 hours'
  );
end
$$;

-- As before, but also stores the media region that the meeting is claimed for.
drop function chime_page.claim_meeting;

create function chime_page.claim_meeting(
  p_appointment uuid,
  p_request_token text,
  p_media_region text,
  p_participant uuid,
  p_now timestamptz
) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_meeting uuid;
begin
  for v_round in 1..10 loop
    select m.id into v_meeting from chime_page.meetings as m
    where m.appointment_id = p_appointment and m.ended_at is null;
    if found then
      return v_meeting;
    end if;

    insert into chime_page.meetings (appointment_id, request_token, media_region, claimed_at)
    values (p_appointment, p_request_token, p_media_region, p_now)
    on conflict (appointment_id) where ended_at is null do nothing
    returning id into v_meeting;
    if found then
      perform chime_page.audit(
        'meeting-claimed', p_now, p_appointment, p_participant, null, v_meeting
      );
      return v_meeting;
    end if;
  end loop;
  raise exception 'The meeting of visit % keeps ending while it is claimed', p_appointment
    using errcode = 'serialization_failure';
end
$$;

-- ---------------------------------------------------------------------------------------------
-- Invalid data in the views. Unusable rows of other people are left out. A fault in the visit
-- itself or in the caller's own row is reported by column name, never by value.

-- The name to display: trimmed of whitespace, at most 120 characters, null if nothing is left.
create function chime_page.shown_name(p_name text) returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  return nullif(left(regexp_replace(left(p_name, 4000), '^\s+|\s+$', '', 'g'), 120), '');
end
$$;

create function chime_page.is_role(p_role text) returns boolean
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce(p_role in ('provider', 'patient', 'guest'), false);
end
$$;

-- Finds a visit by ID; its columns are null if there is none. `faults` names the columns that make
-- it unusable. Times are limited to a range that every program can read.
create function chime_page.find_visit(
  p_appointment uuid,
  out id uuid,
  out starts_at timestamptz,
  out ends_at timestamptz,
  out status text,
  out video_enabled boolean,
  out media_region text,
  out faults text[]
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_first constant timestamptz := '1900-01-01T00:00:00Z';
  v_last constant timestamptz := '9999-01-01T00:00:00Z';
  v_rows int;
begin
  select a.id, a.starts_at, a.ends_at, a.status, a.video_enabled,
    nullif(btrim(a.media_region), ''), count(*) over ()
  into id, starts_at, ends_at, status, video_enabled, media_region, v_rows
  from (
    select distinct v.id, v.starts_at, v.ends_at, v.status, v.video_enabled, v.media_region
    from chime_page.appointments as v
    where v.id = p_appointment
  ) as a
  limit 1;
  if not found then
    faults := '{}';
    return;
  end if;

  faults := array_remove(array[
    case when v_rows > 1 then 'appointments.id' end,
    case when not coalesce(starts_at between v_first and v_last, false)
      then 'appointments.starts_at' end,
    case when not coalesce(ends_at between v_first and v_last, false) or ends_at < starts_at
      then 'appointments.ends_at' end,
    case when not coalesce(
      status in ('scheduled', 'in_progress', 'completed', 'cancelled'), false
    ) then 'appointments.status' end,
    case when video_enabled is null then 'appointments.video_enabled' end,
    case when media_region !~ '^[a-z]{2}(-[a-z]+)+-[0-9]$' then 'appointments.media_region' end
  ], null);
end
$$;

-- As before, but if a person has several rows, a complete row takes precedence, and values that are
-- displayed or sent are limited in length.
create or replace function chime_page.find_participant(
  p_appointment uuid,
  p_subject text,
  out participant_id uuid,
  out role text,
  out display_name text,
  out locale text,
  out time_zone text
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  select p.participant_id, p.role, chime_page.shown_name(p.display_name),
    left(p.locale, 64), left(p.time_zone, 64)
  into participant_id, role, display_name, locale, time_zone
  from chime_page.participants as p
  where p.appointment_id = p_appointment and p.subject = p_subject and p_subject <> ''
  order by
    p.participant_id is null or not chime_page.is_role(p.role)
      or chime_page.shown_name(p.display_name) is null,
    case p.role when 'provider' then 0 when 'patient' then 1 else 2 end,
    p.participant_id
  limit 1;
end
$$;

-- Lists the columns with invalid data for a person in a visit; empty for strangers and valid data.
create function chime_page.faults_of(p_appointment uuid, p_subject text) returns text[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_faults text[];
  v_me record;
begin
  select p.* into v_me from chime_page.find_participant(p_appointment, p_subject) as p
  where exists (
    select from chime_page.participants as r
    where r.appointment_id = p_appointment and r.subject = p_subject and p_subject <> ''
  );
  if not found then
    return '{}';
  end if;
  v_faults := (chime_page.find_visit(p_appointment)).faults;
  return v_faults || array_remove(array[
    case when v_me.participant_id is null then 'participants.participant_id' end,
    case when not chime_page.is_role(v_me.role) then 'participants.role' end,
    case when v_me.display_name is null then 'participants.display_name' end
  ], null);
end
$$;

-- Lists everyone invited, for display on the page: providers first, then by name. Each person is
-- listed once.
create or replace function chime_page.people_of(p_appointment uuid) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'participant_id', o.participant_id, 'role', o.role, 'display_name', o.display_name
        )
        order by (o.role = 'provider') desc, o.display_name, o.participant_id
      ),
      '[]'
    )
    from (
      select distinct on (p.participant_id)
        p.participant_id, p.role, chime_page.shown_name(p.display_name) as display_name
      from chime_page.participants as p
      where p.appointment_id = p_appointment
        and p.participant_id is not null
        and chime_page.is_role(p.role)
        and chime_page.shown_name(p.display_name) is not null
      order by
        p.participant_id, case p.role when 'provider' then 0 when 'patient' then 1 else 2 end
    ) as o
  );
end
$$;

-- Lists people whose page contacted the server in the last 30 seconds and who are still invited.
create or replace function chime_page.present_in(p_appointment uuid, p_now timestamptz) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(jsonb_agg(distinct p.participant_id), '[]')
    from chime_page.sessions as s
    join chime_page.participants as p
      on p.appointment_id = s.appointment_id and p.subject = s.subject
    where s.appointment_id = p_appointment
      and p.participant_id is not null
      and s.last_seen_at >= p_now - interval '30 seconds'
      and s.revoked_at is null
  );
end
$$;

-- ---------------------------------------------------------------------------------------------
-- How often one person can open one visit.

create table chime_page.openings (
  appointment_id uuid not null,
  participant_id uuid not null,
  paced_until timestamptz not null,
  primary key (appointment_id, participant_id)
);

comment on table chime_page.openings is
  'Rate limit for opening a visit, per person. Each opening moves `paced_until` forward by 20 seconds, to at most ten minutes ahead.';

alter table chime_page.openings enable row level security;
revoke all on table chime_page.openings from public, anon, authenticated, service_role;

-- Counts one opening against the limit: a burst of 30, then one every 20 seconds, so that a person
-- who keeps reloading on a bad network is never locked out for longer than that. Returns null if
-- the opening is allowed, otherwise the number of seconds until the next one is.
create function chime_page.limit_openings(
  p_appointment uuid,
  p_participant uuid,
  p_now timestamptz
) returns int
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_pace constant interval := interval '20 seconds';
  v_ahead constant interval := 30 * v_pace;
begin
  -- The row lock also serializes concurrent openings by the same person.
  insert into chime_page.openings as o (appointment_id, participant_id, paced_until)
  values (p_appointment, p_participant, p_now + v_pace)
  on conflict (appointment_id, participant_id) do update
  set paced_until = greatest(o.paced_until, p_now) + v_pace
  where greatest(o.paced_until, p_now) + v_pace <= p_now + v_ahead;
  if found then
    return null;
  end if;
  return (
    select greatest(1, ceil(extract(epoch from o.paced_until + v_pace - v_ahead - p_now)))
    from chime_page.openings as o
    where o.appointment_id = p_appointment and o.participant_id = p_participant
  );
end
$$;

-- Keeps the 20 most recently seen sessions of a person in a visit; nobody uses more than that.
create function chime_page.bound_sessions(p_appointment uuid, p_participant uuid) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from chime_page.sessions as s
  where s.id in (
    select o.id from chime_page.sessions as o
    where o.appointment_id = p_appointment and o.participant_id = p_participant
    order by o.last_seen_at desc, o.created_at desc, o.id
    offset 20
  );
end
$$;

-- As before, but also deletes old rate limits.
create or replace function chime_page.purge(before timestamptz) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_passes int;
  v_sessions int;
  v_events int;
begin
  delete from chime_page.passes as p where p.expires_at < before;
  get diagnostics v_passes = row_count;
  delete from chime_page.sessions as s where s.expires_at < before;
  get diagnostics v_sessions = row_count;
  delete from chime_page.openings as o where o.paced_until < before;

  perform set_config('chime_page.purging', 'on', true);
  delete from chime_page.events as e where e.at < before;
  get diagnostics v_events = row_count;
  perform set_config('chime_page.purging', '', true);

  return jsonb_build_object('passes', v_passes, 'sessions', v_sessions, 'events', v_events);
end
$$;

-- ---------------------------------------------------------------------------------------------
-- The functions that the Edge Function calls.

drop function public.chime_page_open;

-- Identifies the caller, decides whether they can join, and finds the meeting.
--   p_subject, p_pass, p_session, p_expired_subject
--                                 the caller's credentials, as in chime_page.identify
--   p_new_session                 hash of a session to start, unless the caller already has one
--   p_claim                       request token for claiming a meeting. Must be new for every call:
--                                 a used token would identify a meeting that no longer exists
--   p_retire                      a meeting that Chime no longer has. Ended first if it is live
--   p_media_region                the region to claim a meeting for if the visit has none
-- Returns {"outcome": "found", …} or {"outcome": "unauthenticated" | "pass-spent" | "pass-expired"
-- | "visit-not-found"}. Strangers also get "visit-not-found", so that IDs cannot be probed. People
-- in the visit can also get {"outcome": "visit-misconfigured", "columns": […]} for invalid data in
-- the views, and {"outcome": "rate-limited", "retry_after_seconds": …}.
create function public.chime_page_open(
  p_appointment uuid,
  p_now timestamptz,
  p_subject text default null,
  p_pass text default null,
  p_session text default null,
  p_new_session text default null,
  p_claim text default null,
  p_retire uuid default null,
  p_opens_before_minutes int default 15,
  p_closes_after_minutes int default 60,
  p_waiting_room boolean default true,
  p_media_region text default null,
  p_expired_subject text default null
) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_who record;
  v_visit record;
  v_me record;
  v_meeting chime_page.meetings;
  v_closes_at timestamptz;
  v_session_expires_at timestamptz;
  v_admitted boolean;
  v_is_provider boolean;
  v_faults text[];
  v_wait int;
  v_refusal jsonb;
begin
  -- A refusal must not use up the link, so everything written in this block is rolled back.
  begin
    select * into v_who
    from chime_page.identify(
      p_appointment, p_now, p_subject, p_pass, p_session, p_new_session, p_expired_subject
    );
    -- Also run for strangers, so that refusing them costs the same as refusing an unknown visit.
    v_faults := chime_page.faults_of(p_appointment, v_who.subject);
    if v_who.outcome in ('found', 'visit-not-found') and v_faults <> '{}' then
      v_refusal := jsonb_build_object(
        'outcome', 'visit-misconfigured', 'columns', to_jsonb(v_faults)
      );
    elsif v_who.outcome <> 'found' then
      v_refusal := jsonb_build_object('outcome', v_who.outcome);
    elsif p_claim is not null or p_new_session is not null then
      v_wait := chime_page.limit_openings(p_appointment, v_who.participant_id, p_now);
      if v_wait is not null then
        v_refusal := jsonb_build_object('outcome', 'rate-limited', 'retry_after_seconds', v_wait);
      end if;
    end if;
    if v_refusal is not null then
      raise exception using errcode = 'CP001', message = 'refused';
    end if;
  exception when sqlstate 'CP001' then
    return v_refusal;
  end;

  select * into v_visit from chime_page.find_visit(p_appointment);
  select * into v_me from chime_page.find_participant(p_appointment, v_who.subject);
  v_is_provider := v_me.role = 'provider';
  v_closes_at := v_visit.ends_at + make_interval(mins => p_closes_after_minutes);
  v_session_expires_at := v_who.session_expires_at;

  if p_new_session is not null and v_who.via <> 'session' then
    v_session_expires_at := (
      chime_page.start_session(
        p_appointment, p_now, p_new_session, v_who.via, v_who.subject, v_me.participant_id,
        v_closes_at
      )
    ).session_expires_at;
    perform chime_page.bound_sessions(p_appointment, v_me.participant_id);
  end if;

  if p_retire is not null then
    perform chime_page.end_meeting(
      p_retire, p_appointment, 'not-found', v_me.participant_id, p_now
    );
  end if;

  select m.* into v_meeting from chime_page.meetings as m
  where m.appointment_id = p_appointment and m.ended_at is null;

  -- Must match the join policy in TypeScript; a test checks both at the same instants.
  v_admitted := v_visit.status in ('scheduled', 'in_progress')
    and v_visit.video_enabled
    and p_now >= v_visit.starts_at - make_interval(mins => p_opens_before_minutes)
    and p_now < v_closes_at
    and (v_is_provider or not p_waiting_room or v_meeting.provider_in_at is not null);

  if v_admitted and p_claim is not null then
    if v_meeting.id is null then
      v_meeting.id := chime_page.claim_meeting(
        p_appointment, p_claim, coalesce(v_visit.media_region, p_media_region),
        v_me.participant_id, p_now
      );
    end if;
    if v_is_provider then
      update chime_page.meetings as m set provider_in_at = p_now
      where m.id = v_meeting.id and m.provider_in_at is null;
    end if;
    select m.* into v_meeting from chime_page.meetings as m where m.id = v_meeting.id;
  end if;

  return jsonb_build_object(
    'outcome', 'found',
    'via', v_who.via,
    'session', v_who.session,
    'appointment', to_jsonb(v_visit) - 'faults',
    'participant', to_jsonb(v_me),
    'people', chime_page.people_of(p_appointment),
    'present', chime_page.present_in(p_appointment, p_now),
    'provider_in', v_meeting.provider_in_at is not null,
    'session_expires_at', v_session_expires_at,
    'meeting', case
      when v_admitted and v_meeting.id is not null then chime_page.meeting_as_json(v_meeting)
    end,
    'to_delete', chime_page.meetings_to_delete(p_appointment, p_now)
  );
end
$$;

comment on function public.chime_page_open is
  'Identifies the caller, decides whether they can join, and finds the meeting, in one round trip.';

-- Ends the live meeting of a visit for everyone, in the database only. Returns every meeting that
-- may still exist in Chime, including those left over if an earlier end was interrupted.
create function public.chime_page_end_visit(
  p_appointment uuid,
  p_by uuid,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform chime_page.end_meeting(m.id, p_appointment, 'ended-by-provider', p_by, p_now)
  from chime_page.meetings as m
  where m.appointment_id = p_appointment and m.ended_at is null;
  return jsonb_build_object(
    'outcome', 'ended', 'to_delete', chime_page.meetings_to_delete(p_appointment, p_now)
  );
end
$$;

comment on function public.chime_page_end_visit is
  'Ends the live meeting of a visit and returns the meetings to delete in Chime.';

-- Records that a meeting no longer exists in Chime. Returns 'live' if it has not ended here.
create function public.chime_page_meeting_deleted(p_meeting uuid, p_now timestamptz) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update chime_page.meetings as m set deleted_at = coalesce(m.deleted_at, p_now)
  where m.id = p_meeting and m.ended_at is not null;
  return jsonb_build_object('outcome', case when found then 'deleted' else 'live' end);
end
$$;

comment on function public.chime_page_meeting_deleted is
  'Records that an ended meeting was deleted in Chime.';

revoke all on function
  public.chime_page_open,
  public.chime_page_end_visit,
  public.chime_page_meeting_deleted
from public, anon, authenticated;

grant execute on function
  public.chime_page_open,
  public.chime_page_end_visit,
  public.chime_page_meeting_deleted
to service_role;

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;

comment on column chime_page.appointments.starts_at is
  'Scheduled start. Null is a fault: nobody can join, and the log names this column.';
comment on column chime_page.appointments.ends_at is
  'Scheduled end, not before the start. Null is a fault, so use a default length if the source has none.';
comment on column chime_page.appointments.status is
  'scheduled | in_progress | completed | cancelled. Any other value is a fault, so map your own values to these. Only the first two allow joining.';
comment on column chime_page.appointments.video_enabled is
  'False: the visit exists but does not take place by video. Null is a fault.';
comment on column chime_page.participants.participant_id is
  'Stable ID of the person, visible to the other participants and to Chime. Never a name, an address or a token. Rows without one are left out.';
comment on column chime_page.participants.role is
  'provider | patient | guest. Providers start the visit and can end it for everyone. Rows with any other value are left out.';
comment on column chime_page.participants.display_name is
  'Name shown to the other participants, cut to 120 characters. It stays in the page and is sent to nobody else. Rows without one are left out.';
