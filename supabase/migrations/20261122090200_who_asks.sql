-- The first steps of `public.chime_page_open`: who asks? These and the next ones live in the private
-- schema, are called by their owner alone, and bind to the two views by name at run time, so that an
-- adopter may replace these.
--
-- All are plpgsql and volatile for one reason: under READ COMMITTED each statement of such a
-- function sees what others have committed by then. A statement that waited for another caller's
-- row lock is followed by one that sees that caller's row.

-- Lower-case hex SHA-256 to bytes. A malformed hash is a fault of the caller, not of a person, so it
-- is loud.
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

-- The person of a subject in a visit; participant_id is null for a stranger. Somebody who is in a
-- visit twice is what they are first: a provider.
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

-- Who asks: by a subject the function has verified, else by a pass, else by a session. Nothing is
-- written for somebody who is not let in; a pass is spent here, by exactly one caller.
-- `outcome` is 'found' or why not; `session_id` is set when they came by session.
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
    -- The row lock lets one caller through; the others find it spent when they get the lock.
    update chime_page.passes as p set spent_at = p_now
    where p.id = v_pass.id and p.spent_at is null and p.revoked_at is null;
    if not found then
      -- Lost to a simultaneous call: judge again, now that the winner's change can be seen.
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

-- Starts a session for somebody who came by a subject or a pass. It outlives the visit's window, and
-- lasts an hour at least so that "too early" and "over" pages can look again, a day at most.
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
