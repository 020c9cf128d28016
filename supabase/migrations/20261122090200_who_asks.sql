-- The first part of `public.chime_page_open`: identifies the caller. The functions in this
-- migration and the next are in the private schema and can be called only by their owner. They look
-- up the two views by name at run time, so that you can replace the views.
--
-- Functions that read or write tables are plpgsql and volatile: under READ COMMITTED, each of their
-- statements sees everything committed before it starts. If one statement waits for another
-- caller's row lock, the next sees that caller's row.

-- Converts a lowercase hex SHA-256 hash to bytes. A malformed hash is a bug in the calling code,
-- not a user error, so it raises an exception.
create function chime_page.hash_of(hex text) returns bytea
language plpgsql immutable strict
set search_path = ''
as $$
begin
  if hex !~ '^[0-9a-f]{64}$' then
    raise exception 'Not a SHA-256 in lower-case hex' using errcode = 'invalid_parameter_value';
  end if;
  return decode(hex, 'hex');
end
$$;

create function chime_page.audit(
  p_name text,
  p_now timestamptz,
  p_appointment uuid,
  p_participant uuid default null,
  p_session uuid default null,
  p_meeting uuid default null,
  p_data jsonb default '{}'
) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into chime_page.events
    (name, at, appointment_id, participant_id, session_id, meeting_id, data)
  values
    (p_name, p_now, p_appointment, p_participant, p_session, p_meeting, p_data);
end
$$;

-- Finds a participant of a visit by subject; participant_id is null for a stranger. If a person has
-- several rows, the provider's row takes precedence.
create function chime_page.find_participant(
  p_appointment uuid,
  p_subject text,
  out participant_id uuid,
  out role text,
  out display_name text,
  out locale text,
  out time_zone text
)
language plpgsql
set search_path = ''
as $$
begin
  select p.participant_id, p.role, p.display_name, p.locale, p.time_zone
  into participant_id, role, display_name, locale, time_zone
  from chime_page.participants as p
  where p.appointment_id = p_appointment and p.subject = p_subject and p_subject <> ''
  order by
    case p.role when 'provider' then 0 when 'patient' then 1 else 2 end,
    p.participant_id
  limit 1;
end
$$;

-- Identifies the caller by a subject that the Edge Function has verified, else by a pass, else by a
-- session. Writes nothing for a caller who is refused. Spends a pass for exactly one caller.
-- `outcome` is 'found' or the reason for the refusal; `session_id` is set for a caller identified
-- by session.
create function chime_page.identify(
  p_appointment uuid,
  p_now timestamptz,
  p_subject text,
  p_pass text,
  p_session text,
  out outcome text,
  out via text,
  out subject text,
  out participant_id uuid,
  out session_id uuid,
  out session_expires_at timestamptz
)
language plpgsql
set search_path = ''
as $$
declare
  v_pass record;
begin
  outcome := 'unauthenticated';

  if p_subject is not null then
    via := 'subject';
    subject := p_subject;
  elsif p_pass is not null then
    select p.id, p.subject, p.expires_at, p.spent_at, p.revoked_at into v_pass
    from chime_page.passes as p
    where p.hash = chime_page.hash_of(p_pass) and p.appointment_id = p_appointment;

    if not found or v_pass.revoked_at is not null then
      outcome := 'unauthenticated';
    elsif v_pass.spent_at is not null then
      outcome := 'pass-spent';
    elsif v_pass.expires_at <= p_now then
      outcome := 'pass-expired';
    else
      via := 'pass';
      subject := v_pass.subject;
    end if;
  end if;

  if via is null and p_session is not null then
    select s.id, s.subject, s.expires_at into session_id, subject, session_expires_at
    from chime_page.sessions as s
    where s.hash = chime_page.hash_of(p_session)
      and s.appointment_id = p_appointment
      and s.revoked_at is null
      and s.expires_at > p_now;
    if found then
      via := 'session';
    end if;
  end if;

  if via is null then
    return;
  end if;

  participant_id := (chime_page.find_participant(p_appointment, subject)).participant_id;
  if participant_id is null
    or not exists (select from chime_page.appointments as a where a.id = p_appointment)
  then
    outcome := 'visit-not-found';
    return;
  end if;

  if via = 'pass' then
    -- The row lock admits one caller; the others find the pass spent once they get the lock.
    update chime_page.passes as p set spent_at = p_now
    where p.id = v_pass.id and p.spent_at is null and p.revoked_at is null;
    if not found then
      -- A concurrent call was first: decide again, now that its change is visible.
      select * into outcome, via, subject, participant_id, session_id, session_expires_at
      from chime_page.identify(p_appointment, p_now, null, p_pass, p_session);
      return;
    end if;
    perform chime_page.audit('pass-spent', p_now, p_appointment, participant_id);
  elsif via = 'session' then
    update chime_page.sessions as s set last_seen_at = greatest(s.last_seen_at, p_now)
    where s.id = session_id;
  end if;

  outcome := 'found';
end
$$;

-- Starts a session for a caller identified by subject or pass. It lasts until the visit closes, but
-- at least an hour, so that the "too early" and "over" pages can check again, and at most a day.
create function chime_page.start_session(
  p_appointment uuid,
  p_now timestamptz,
  p_new_session text,
  p_via text,
  p_subject text,
  p_participant uuid,
  p_closes_at timestamptz,
  out session_id uuid,
  out session_expires_at timestamptz
)
language plpgsql
set search_path = ''
as $$
begin
  insert into chime_page.sessions
    (hash, appointment_id, subject, participant_id, created_at, last_seen_at, expires_at)
  values (
    chime_page.hash_of(p_new_session), p_appointment, p_subject, p_participant, p_now, p_now,
    least(p_now + interval '24 hours', greatest(p_closes_at, p_now + interval '1 hour'))
  )
  returning id, expires_at into session_id, session_expires_at;

  perform chime_page.audit(
    'session-started', p_now, p_appointment, p_participant, session_id, null,
    jsonb_build_object('via', p_via)
  );
end
$$;

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;
