-- The function that every page request calls first. Like all functions that the Edge Function
-- calls, it is security definer with an empty search path, and only service_role can execute it. By
-- default everyone can execute a new function, and hosted projects also grant execute to the API
-- roles by name, so both grants are revoked.
--
-- `p_now` is the caller's clock. Secrets, such as passes and sessions, are passed as lowercase hex
-- SHA-256 hashes.

-- Identifies the caller, decides whether they can join, and finds the meeting.
--   p_subject, p_pass, p_session  the caller's credentials. The first one given is used; a pass
--                                 that is not (or no longer) valid falls back to the session
--   p_new_session                 hash of a session to start, unless the caller already has one
--   p_claim                       request token for claiming a meeting. Must be new for every call:
--                                 a used token would identify a meeting that no longer exists
--   p_retire                      a meeting that Chime no longer has. Ended first if it is live
-- Returns {"outcome": "found", …} or {"outcome": "unauthenticated" | "pass-spent" | "pass-expired"
-- | "visit-not-found"}. Strangers also get "visit-not-found", so that IDs cannot be probed.
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
  p_waiting_room boolean default true
) returns jsonb
language plpgsql
security definer
set search_path = ''
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
begin
  select * into v_who
  from chime_page.identify(p_appointment, p_now, p_subject, p_pass, p_session);
  if v_who.outcome <> 'found' then
    return jsonb_build_object('outcome', v_who.outcome);
  end if;

  select a.id, a.starts_at, a.ends_at, a.status, a.video_enabled, a.media_region into v_visit
  from chime_page.appointments as a
  where a.id = p_appointment
  limit 1;
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
  end if;

  if p_retire is not null then
    perform chime_page.end_meeting(
      p_retire, p_appointment, 'not-found', v_me.participant_id, p_now
    );
  end if;

  select m.* into v_meeting from chime_page.meetings as m
  where m.appointment_id = p_appointment and m.ended_at is null;

  -- Must match the join policy in TypeScript; a test checks both at the same instants. Nobody can
  -- join if a status, time or flag is null.
  v_admitted := coalesce(
    v_visit.status in ('scheduled', 'in_progress')
      and v_visit.video_enabled
      and p_now >= v_visit.starts_at - make_interval(mins => p_opens_before_minutes)
      and p_now < v_closes_at
      and (v_is_provider or not p_waiting_room or v_meeting.provider_in_at is not null),
    false
  );

  if v_admitted and p_claim is not null then
    if v_meeting.id is null then
      v_meeting.id := chime_page.claim_meeting(
        p_appointment, p_claim, v_me.participant_id, p_now
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
    'appointment', to_jsonb(v_visit),
    'participant', to_jsonb(v_me),
    'people', chime_page.people_of(p_appointment),
    'present', chime_page.present_in(p_appointment, p_now),
    'provider_in', v_meeting.provider_in_at is not null,
    'session_expires_at', v_session_expires_at,
    'meeting', case
      when v_admitted and v_meeting.id is not null then jsonb_build_object(
        'id', v_meeting.id,
        'request_token', v_meeting.request_token,
        'chime', v_meeting.chime
      )
    end
  );
end
$$;

comment on function public.chime_page_open is
  'Identifies the caller, decides whether they can join, and finds the meeting, in one round trip.';

revoke all on function public.chime_page_open from public, anon, authenticated;
grant execute on function public.chime_page_open to service_role;
