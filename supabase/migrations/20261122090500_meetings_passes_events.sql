-- The other functions that the Edge Function calls, with the same privileges as
-- `public.chime_page_open`.

-- Stores the response of CreateMeeting. Repeated calls with the same request token get the same
-- meeting, so the first response is kept. 'gone': the meeting was ended in the meantime.
create function public.chime_page_meeting_created(
  p_meeting uuid,
  p_chime jsonb,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_appointment uuid;
begin
  update chime_page.meetings as m set chime = p_chime, created_at = p_now
  where m.id = p_meeting and m.ended_at is null and m.chime is null
  returning m.appointment_id into v_appointment;

  if v_appointment is not null then
    perform chime_page.audit('meeting-created', p_now, v_appointment, null, null, p_meeting);
    return jsonb_build_object('outcome', 'stored');
  end if;
  if exists (
    select from chime_page.meetings as m where m.id = p_meeting and m.ended_at is null
  ) then
    return jsonb_build_object('outcome', 'stored');
  end if;
  return jsonb_build_object('outcome', 'gone');
end
$$;

comment on function public.chime_page_meeting_created is
  'Stores the Meeting object returned by Chime. Rejects anything that contains a join token.';

-- `p_by` is the participant who ended the meeting, or null if no participant did.
create function public.chime_page_meeting_ended(
  p_meeting uuid,
  p_reason text,
  p_by uuid,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'outcome',
    case
      when chime_page.end_meeting(p_meeting, null, p_reason, p_by, p_now) then 'ended'
      else 'already-ended'
    end
  );
end
$$;

comment on function public.chime_page_meeting_ended is 'Ends a live meeting, once.';

-- Creates a single-use link for a person in a visit, at most 20 in ten minutes. The link expires
-- when the visit closes at the latest, or in two minutes if that is later, so that a latecomer sees
-- "the visit is over" rather than "this link has expired".
create function public.chime_page_pass_create(
  p_appointment uuid,
  p_subject text,
  p_pass text,
  p_expires_at timestamptz,
  p_closes_after_minutes int,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_participant uuid;
  v_closes_at timestamptz;
  v_expires_at timestamptz;
begin
  v_participant := (chime_page.find_participant(p_appointment, p_subject)).participant_id;
  select a.ends_at + make_interval(mins => p_closes_after_minutes) into v_closes_at
  from chime_page.appointments as a
  where a.id = p_appointment;
  if not found or v_participant is null then
    return jsonb_build_object('outcome', 'visit-not-found');
  end if;

  -- Concurrent calls for the same person must not run between the count and the insert.
  perform pg_advisory_xact_lock(
    hashtextextended('chime_page.pass:' || p_appointment || ':' || p_subject, 0)
  );
  if (
    select count(*) >= 20 from chime_page.passes as p
    where p.appointment_id = p_appointment
      and p.subject = p_subject
      and p.created_at > p_now - interval '10 minutes'
  ) then
    return jsonb_build_object('outcome', 'rate-limited');
  end if;

  v_expires_at := least(p_expires_at, greatest(v_closes_at, p_now + interval '2 minutes'));
  insert into chime_page.passes
    (hash, appointment_id, subject, participant_id, created_at, expires_at)
  values (
    chime_page.hash_of(p_pass), p_appointment, p_subject, v_participant, p_now, v_expires_at
  );
  perform chime_page.audit('pass-created', p_now, p_appointment, v_participant);
  return jsonb_build_object('outcome', 'created', 'expires_at', v_expires_at);
end
$$;

comment on function public.chime_page_pass_create is
  'Stores the hash of a single-use link for a person in a visit.';

-- Stores a batch of events from the page, `[{"name", "at", "data"}]`: at most 600 per session in
-- ten minutes. The session is the only credential, because beacons carry no headers.
create function public.chime_page_record(
  p_appointment uuid,
  p_session text,
  p_events jsonb,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_session record;
  v_participant uuid;
begin
  if jsonb_typeof(p_events) is distinct from 'array' then
    raise exception 'p_events is not an array' using errcode = 'invalid_parameter_value';
  end if;

  -- Lock the session, so that concurrent batches from one page are counted one after another.
  select s.id, s.subject into v_session
  from chime_page.sessions as s
  where s.hash = chime_page.hash_of(p_session)
    and s.appointment_id = p_appointment
    and s.revoked_at is null
    and s.expires_at > p_now
  for update;
  if not found then
    return jsonb_build_object('outcome', 'unauthenticated');
  end if;
  v_participant := (
    chime_page.find_participant(p_appointment, v_session.subject)
  ).participant_id;
  if v_participant is null then
    return jsonb_build_object('outcome', 'unauthenticated');
  end if;

  if (
    select count(*) + jsonb_array_length(p_events) > 600 from chime_page.events as e
    where e.session_id = v_session.id
      and e.name = 'page'
      and e.at > p_now - interval '10 minutes'
  ) then
    return jsonb_build_object('outcome', 'rate-limited');
  end if;

  perform chime_page.audit(
    'page', p_now, p_appointment, v_participant, v_session.id, null, b.event
  )
  from jsonb_array_elements(p_events) with ordinality as b (event, place)
  order by b.place;
  return jsonb_build_object('outcome', 'recorded');
end
$$;

comment on function public.chime_page_record is
  'Appends a batch of events from the page to chime_page.events.';

revoke all on function
  public.chime_page_meeting_created,
  public.chime_page_meeting_ended,
  public.chime_page_pass_create,
  public.chime_page_record
from public, anon, authenticated;

grant execute on function
  public.chime_page_meeting_created,
  public.chime_page_meeting_ended,
  public.chime_page_pass_create,
  public.chime_page_record
to service_role;
