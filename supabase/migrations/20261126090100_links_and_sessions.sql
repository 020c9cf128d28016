-- Whom a link identifies, and when the link is used up.
--
-- A link determines who joins: other credentials from the browser count only if they belong to the
-- same person. A link is used up when its page first contacts the server, or 60 seconds after it
-- was first opened. Until then it can be opened again, because the response may have been lost;
-- doing so revokes the session of the page opened before.

alter table chime_page.passes
  add column opens text not null default 'at-once',
  add column opened_at timestamptz,
  add column session_hash bytea,
  add constraint passes_opens check (opens in ('at-once', 'by-tap'));

comment on column chime_page.passes.opens is
  'at-once: opened by the app itself. by-tap: sent in a message; the page asks for a tap first. The two kinds hash their secrets differently, so that one cannot be used as the other.';
comment on column chime_page.passes.opened_at is
  'When the link was first opened. It can be opened again for 60 seconds, unless its page has contacted the server.';
comment on column chime_page.passes.session_hash is
  'Hash of the session that was started when the link was last opened.';
comment on column chime_page.passes.spent_at is
  'When the page opened by the link first contacted the server.';

-- Every page request searches this index, and almost always finds nothing.
create index passes_not_yet_spent on chime_page.passes (session_hash) where spent_at is null;

-- Marks the link that started a session as used up, once the session's page contacts the server.
create function chime_page.spend_pass_of(p_session bytea, p_now timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  update chime_page.passes as p set spent_at = p_now
  where p.session_hash = p_session and p.spent_at is null;
end
$$;

-- Opens a link, for the first time or again. The caller must hold its row lock. Without a new
-- session, no page can contact the server later, so the link is used up immediately.
create function chime_page.open_pass(
  p_id uuid,
  p_new_session bytea,
  p_participant uuid,
  p_now timestamptz
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_pass record;
  v_session uuid;
begin
  select p.appointment_id, p.opened_at, p.session_hash into v_pass
  from chime_page.passes as p where p.id = p_id;

  update chime_page.sessions as s set revoked_at = p_now
  where s.hash = v_pass.session_hash and s.revoked_at is null
  returning s.id into v_session;
  if v_session is not null then
    perform chime_page.audit(
      'access-revoked', p_now, v_pass.appointment_id, p_participant, v_session, null,
      '{"reason": "opened-again"}'
    );
  end if;

  update chime_page.passes as p set
    opened_at = coalesce(p.opened_at, p_now),
    session_hash = p_new_session,
    spent_at = case when p_new_session is null then p_now end
  where p.id = p_id;
  if v_pass.opened_at is null then
    perform chime_page.audit('pass-spent', p_now, v_pass.appointment_id, p_participant);
  end if;
end
$$;

-- Identifies the caller by a subject that the Edge Function has verified, else by a link, else by a
-- session.
--   p_session          one hash, or a comma-separated list from all cookies of the visit. The most
--                      recent live session of the right person is used
--   p_new_session      the session that this request can start. Null: the request comes from a page
--                      that already has p_session
--   p_expired_subject  subject of a verified token whose only fault is that it has expired. A link
--                      or session counts only if it belongs to this person
-- A link that is used up or expired falls back to a session of the same person. An unknown link is
-- refused even with a session. Writes nothing for a caller who is refused.
-- `outcome` is 'found' or the reason for the refusal; `session` is set for a caller identified by
-- session.
--
-- Locks are always taken in the same order, the link before its session, so that opening a link,
-- the first request of its page, and `chime_page.revoke` wait for each other without deadlocks.
drop function chime_page.identify(uuid, timestamptz, text, text, text);

create function chime_page.identify(
  p_appointment uuid,
  p_now timestamptz,
  p_subject text,
  p_pass text,
  p_session text,
  p_new_session text default null,
  p_expired_subject text default null,
  out outcome text,
  out via text,
  out subject text,
  out participant_id uuid,
  out session text,
  out session_expires_at timestamptz
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_pass record;
  v_sessions bytea[];
  v_session record;
  v_owner text := p_expired_subject;
begin
  outcome := 'unauthenticated';
  v_sessions := array(
    select chime_page.hash_of(s.hex) from unnest(string_to_array(p_session, ',')) as s (hex)
  );

  if p_subject is not null then
    via := 'subject';
    subject := p_subject;
  elsif p_pass is not null then
    select p.id, p.subject, p.expires_at, p.opened_at, p.session_hash, p.spent_at, p.revoked_at
    into v_pass
    from chime_page.passes as p
    where p.hash = chime_page.hash_of(p_pass)
      and p.appointment_id = p_appointment
      and (p_expired_subject is null or p.subject = p_expired_subject)
    for update;

    if not found then
      return;
    end if;
    v_owner := v_pass.subject;
    if v_pass.revoked_at is not null then
      outcome := 'unauthenticated';
    elsif v_pass.spent_at is not null or v_pass.opened_at <= p_now - interval '60 seconds' then
      outcome := 'pass-spent';
    elsif v_pass.opened_at is null and v_pass.expires_at <= p_now then
      outcome := 'pass-expired';
    elsif v_pass.session_hash = any (v_sessions) then
      -- The same browser is requesting the page again, so keep its session.
      via := null;
    else
      via := 'pass';
      subject := v_pass.subject;
    end if;
  end if;

  if via is null then
    select s.id, s.hash, s.subject, s.expires_at into v_session
    from chime_page.sessions as s
    where s.hash = any (v_sessions)
      and s.appointment_id = p_appointment
      and s.revoked_at is null
      and s.expires_at > p_now
      and (v_owner is null or s.subject = v_owner)
    order by s.created_at desc
    limit 1;
    if not found then
      return;
    end if;
    via := 'session';
    subject := v_session.subject;
    session := encode(v_session.hash, 'hex');
    session_expires_at := v_session.expires_at;
  end if;

  participant_id := (chime_page.find_participant(p_appointment, subject)).participant_id;
  if participant_id is null
    or not exists (select from chime_page.appointments as a where a.id = p_appointment)
  then
    outcome := 'visit-not-found';
    return;
  end if;

  if via = 'pass' then
    perform chime_page.open_pass(
      v_pass.id, chime_page.hash_of(p_new_session), participant_id, p_now
    );
  elsif via = 'session' then
    if p_new_session is null then
      perform chime_page.spend_pass_of(v_session.hash, p_now);
    end if;
    update chime_page.sessions as s set last_seen_at = greatest(s.last_seen_at, p_now)
    where s.id = v_session.id and s.revoked_at is null;
    if not found then
      -- The session was revoked, or its link was opened again, while this call waited.
      outcome := 'unauthenticated';
      return;
    end if;
  end if;

  outcome := 'found';
end
$$;

-- Creates a single-use link for a person in a visit, at most 20 in ten minutes. The link expires
-- when the visit closes at the latest, or in two minutes if that is later, so that a latecomer sees
-- "the visit is over" rather than "this link has expired". If `p_expires_at` is null, the link
-- lasts until that limit.
drop function public.chime_page_pass_create(uuid, text, text, timestamptz, int, timestamptz);

create function public.chime_page_pass_create(
  p_appointment uuid,
  p_subject text,
  p_pass text,
  p_expires_at timestamptz,
  p_closes_after_minutes int,
  p_now timestamptz,
  p_opens text default 'at-once'
) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
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
    (hash, appointment_id, subject, participant_id, created_at, expires_at, opens)
  values (
    chime_page.hash_of(p_pass), p_appointment, p_subject, v_participant, p_now, v_expires_at,
    p_opens
  );
  perform chime_page.audit(
    'pass-created', p_now, p_appointment, v_participant, null, null,
    jsonb_build_object('opens', p_opens)
  );
  return jsonb_build_object('outcome', 'created', 'expires_at', v_expires_at);
end
$$;

comment on function public.chime_page_pass_create is
  'Stores the hash of a single-use link for a person in a visit.';

-- Stores a batch of events from the page, `[{"name", "at", "data"}]`: at most 600 per session in
-- ten minutes. The session is the only credential, because beacons carry no headers.
-- Sending events counts as contacting the server, so the link that opened the page is used up.
create or replace function public.chime_page_record(
  p_appointment uuid,
  p_session text,
  p_events jsonb,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_session record;
  v_participant uuid;
begin
  if jsonb_typeof(p_events) is distinct from 'array' then
    raise exception 'p_events is not an array' using errcode = 'invalid_parameter_value';
  end if;

  perform chime_page.spend_pass_of(chime_page.hash_of(p_session), p_now);

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

revoke all on function public.chime_page_pass_create, public.chime_page_record
from public, anon, authenticated;
grant execute on function public.chime_page_pass_create, public.chime_page_record to service_role;

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;
