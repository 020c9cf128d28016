-- The second part of `public.chime_page_open`: finds the meeting and the other participants.

-- Ends a meeting once. Returns true only to the call that ended it.
create function chime_page.end_meeting(
  p_meeting uuid,
  p_appointment uuid,
  p_reason text,
  p_by uuid,
  p_now timestamptz
) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_appointment uuid;
begin
  update chime_page.meetings as m
  set ended_at = p_now, end_reason = p_reason, ended_by = p_by
  where m.id = p_meeting
    and m.ended_at is null
    and (p_appointment is null or m.appointment_id = p_appointment)
  returning m.appointment_id into v_appointment;

  if v_appointment is null then
    return false;
  end if;
  perform chime_page.audit(
    'meeting-ended', p_now, v_appointment, p_by, null, p_meeting,
    jsonb_build_object('reason', p_reason)
  );
  return true;
end
$$;

-- Returns the live meeting of a visit, or claims one with this request token if there is none.
-- Concurrent callers get the same row: the unique index admits one insert, the others wait for it
-- and do nothing, and their next statement reads the committed row. The loop repeats only if that
-- row was ended in between. It can be bounded because each repeat means that another caller made
-- progress.
create function chime_page.claim_meeting(
  p_appointment uuid,
  p_request_token text,
  p_participant uuid,
  p_now timestamptz
) returns uuid
language plpgsql
set search_path = ''
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

    insert into chime_page.meetings (appointment_id, request_token, claimed_at)
    values (p_appointment, p_request_token, p_now)
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

-- Lists everyone invited, for display on the page: providers first, then by name.
create function chime_page.people_of(p_appointment uuid) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  return (
    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'participant_id', p.participant_id, 'role', p.role, 'display_name', p.display_name
        )
        order by (p.role = 'provider') desc, p.display_name, p.participant_id
      ),
      '[]'
    )
    from chime_page.participants as p
    where p.appointment_id = p_appointment
  );
end
$$;

-- Lists people whose page contacted the server in the last 30 seconds and who are still invited.
create function chime_page.present_in(p_appointment uuid, p_now timestamptz) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(distinct p.participant_id), '[]')
    from chime_page.sessions as s
    join chime_page.participants as p
      on p.appointment_id = s.appointment_id and p.subject = s.subject
    where s.appointment_id = p_appointment
      and s.last_seen_at >= p_now - interval '30 seconds'
      and s.revoked_at is null
  );
end
$$;

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;
