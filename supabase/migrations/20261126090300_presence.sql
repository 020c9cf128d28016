-- Who is here now. A session shows only when its person was last heard of, for 30 seconds. Pages now
-- also say when they are gone and whether the person has tapped Join, so that others read neither
-- "waiting for you" of somebody who has just left, nor of somebody who is still choosing a camera.

alter table chime_page.sessions add column left_at timestamptz;

comment on column chime_page.sessions.left_at is
  'When the last open page of the session said that it is gone. Null again once a page of the session is heard of.';

-- Two tabs of one browser share a session, so the session alone cannot tell which of them is gone.
create table chime_page.pages (
  session_id uuid not null references chime_page.sessions (id) on delete cascade,
  page text not null,
  seen_at timestamptz not null,
  ready boolean not null,
  primary key (session_id, page),
  constraint pages_page_is_short check (page ~ '^[0-9a-z]{1,16}$')
);

comment on table chime_page.pages is
  'Open pages of a session in the last 30 seconds. `page` is a random id that the page gives itself; `ready`: the person has tapped Join.';

alter table chime_page.pages enable row level security;
revoke all on table chime_page.pages from public, anon, authenticated, service_role;

-- How long a page that has not said goodbye counts as open.
create function chime_page.presence_timeout() returns interval
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  return interval '30 seconds';
end
$$;

-- Lists the sessions of everyone who is here and still invited: heard of in the last 30 seconds, and
-- not gone since.
create function chime_page.present_sessions(p_appointment uuid, p_now timestamptz)
returns table (session_id uuid, participant_id uuid, seen_at timestamptz)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select s.id, p.participant_id, s.last_seen_at
    from chime_page.sessions as s
    join chime_page.participants as p
      on p.appointment_id = s.appointment_id and p.subject = s.subject
    where s.appointment_id = p_appointment
      and p.participant_id is not null
      and s.last_seen_at >= p_now - chime_page.presence_timeout()
      and s.left_at is null
      and s.revoked_at is null;
end
$$;

-- As before, but without people whose pages have said that they are gone.
create or replace function chime_page.present_in(p_appointment uuid, p_now timestamptz) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(jsonb_agg(distinct o.participant_id), '[]')
    from chime_page.present_sessions(p_appointment, p_now) as o
  );
end
$$;

-- Lists when each person who is here was last heard of, and whether they have tapped Join.
create function chime_page.heard_in(p_appointment uuid, p_now timestamptz) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(
      jsonb_agg(
        jsonb_build_object('id', h.participant_id, 'seconds_ago', h.seconds_ago, 'ready', h.ready)
        order by h.participant_id
      ),
      '[]'
    )
    from (
      select o.participant_id,
        greatest(0, min(round(extract(epoch from p_now - o.seen_at), 1))) as seconds_ago,
        bool_or(exists (
          select from chime_page.pages as g
          where g.session_id = o.session_id
            and g.ready
            and g.seen_at >= p_now - chime_page.presence_timeout()
        )) as ready
      from chime_page.present_sessions(p_appointment, p_now) as o
      group by o.participant_id
    ) as h
  );
end
$$;

-- Opens the visit for a page that asks for its status, and notes that the page is open.
--   p_session  hash of the page's session
--   p_page     random id of the page. Null: somebody asks without being here, for example on a page
--              whose visit has ended
--   p_ready    whether the person has tapped Join
-- Returns what `chime_page_open` returns. For a page also `heard`, who is here, and `ended`: a
-- provider ended the last meeting for everyone, and nobody has opened another one since.
create function public.chime_page_status(
  p_appointment uuid,
  p_now timestamptz,
  p_session text,
  p_page text default null,
  p_ready boolean default false,
  p_opens_before_minutes int default 15,
  p_closes_after_minutes int default 60,
  p_waiting_room boolean default true
) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_visit jsonb;
  v_session uuid;
  v_end_reason text;
begin
  v_visit := public.chime_page_open(
    p_appointment => p_appointment,
    p_now => p_now,
    p_session => p_session,
    p_opens_before_minutes => p_opens_before_minutes,
    p_closes_after_minutes => p_closes_after_minutes,
    p_waiting_room => p_waiting_room
  );
  if p_page is null or v_visit ->> 'outcome' <> 'found' then
    return v_visit;
  end if;

  -- Also takes the lock that leaving takes, before the pages are read or written.
  update chime_page.sessions as s set left_at = null
  where s.hash = chime_page.hash_of(v_visit ->> 'session')
  returning s.id into v_session;
  delete from chime_page.pages as g
  where g.session_id = v_session and g.seen_at < p_now - chime_page.presence_timeout();
  insert into chime_page.pages as g (session_id, page, seen_at, ready)
  values (v_session, p_page, p_now, p_ready)
  on conflict (session_id, page) do update
  set seen_at = greatest(g.seen_at, excluded.seen_at), ready = excluded.ready;

  select m.end_reason into v_end_reason
  from chime_page.meetings as m
  where m.appointment_id = p_appointment
  order by m.ended_at is null desc, m.ended_at desc
  limit 1;

  return v_visit || jsonb_build_object(
    'present', chime_page.present_in(p_appointment, p_now),
    'heard', chime_page.heard_in(p_appointment, p_now),
    'ended', coalesce(v_end_reason = 'ended-by-provider', false)
  );
end
$$;

comment on function public.chime_page_status is
  'Opens the visit for a page that asks for its status, and notes that the page is open.';

-- Notes that a page is gone: closed, or its person has left. The person stays present while another
-- page of the session is open, or another session of theirs.
create function public.chime_page_leave(
  p_appointment uuid,
  p_session text,
  p_page text,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_session uuid;
begin
  select s.id into v_session
  from chime_page.sessions as s
  where s.hash = chime_page.hash_of(p_session)
    and s.appointment_id = p_appointment
    and s.revoked_at is null
    and s.expires_at > p_now
  for update;
  if not found then
    return jsonb_build_object('outcome', 'unauthenticated');
  end if;

  delete from chime_page.pages as g where g.session_id = v_session and g.page = p_page;
  update chime_page.sessions as s set left_at = p_now
  where s.id = v_session
    and not exists (
      select from chime_page.pages as g
      where g.session_id = v_session and g.seen_at >= p_now - chime_page.presence_timeout()
    );
  return jsonb_build_object('outcome', 'left');
end
$$;

comment on function public.chime_page_leave is
  'Notes that a page is gone, so that its person is no longer shown as present.';

revoke all on function public.chime_page_status, public.chime_page_leave
from public, anon, authenticated;
grant execute on function public.chime_page_status, public.chime_page_leave to service_role;

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;
