-- `select * from chime_page.check();` lists what is wrong with the rows of the two views, so that an
-- operator finds a mistake in the mapping before a patient does. It is for operators, like the
-- functions `revoke` and `purge`: it cannot be reached through the API. It never returns a value of
-- a row, because a wrongly mapped column may hold anything, a name for example.

-- Whether an appointment matters now: it ended less than a day ago or has not ended. Both times are
-- considered, because one of them may be wrong. An appointment without a time matters until it is
-- completed or cancelled.
create function chime_page.matters_now(
  p_starts_at timestamptz, p_ends_at timestamptz, p_status text, p_now timestamptz
) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_starts_at is null or p_ends_at is null
      then coalesce(p_status not in ('completed', 'cancelled'), true)
    else greatest(p_starts_at, p_ends_at) > p_now - interval '1 day'
  end;
$$;

-- Faults of single appointments. `faults` of `find_visit` names the same columns.
create function chime_page.check_appointments(p_now timestamptz)
returns table (severity text, "column" text, problem text, "rows" bigint, example uuid)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with current_ones as (
    select a.*
    from chime_page.appointments as a
    where chime_page.matters_now(a.starts_at, a.ends_at, a.status, p_now)
  ),
  faults as (
    select a.id, f.col, f.problem
    from current_ones as a
    cross join lateral (
      values
        ('id', 'null', a.id is null),
        ('starts_at', 'null', a.starts_at is null),
        ('starts_at', 'not between the years 1900 and 9999',
          a.starts_at not between '1900-01-01T00:00:00Z' and '9999-01-01T00:00:00Z'),
        ('ends_at', 'null', a.ends_at is null),
        ('ends_at', 'not between the years 1900 and 9999',
          a.ends_at not between '1900-01-01T00:00:00Z' and '9999-01-01T00:00:00Z'),
        ('ends_at', 'before starts_at', a.ends_at < a.starts_at),
        ('status', 'null', a.status is null),
        ('status', 'unknown status',
          a.status not in ('scheduled', 'in_progress', 'completed', 'cancelled')),
        ('video_enabled', 'null', a.video_enabled is null),
        ('media_region', 'not an AWS region',
          nullif(btrim(a.media_region), '') !~ '^[a-z]{2}(-[a-z]+)+-[0-9]$')
    ) as f (col, problem, is_wrong)
    where f.is_wrong
    union all
    select d.id, 'id', 'several different rows with one id'
    from (select distinct a.* from current_ones as a) as d
    where d.id is not null
    group by d.id
    having count(*) > 1
  )
  select 'fault', 'appointments.' || f.col, f.problem, count(*), min(f.id::text)::uuid
  from faults as f
  group by f.col, f.problem;
$$;

-- The people of the appointments that matter now.
create function chime_page.current_people(p_now timestamptz)
returns table (
  appointment_id uuid, subject text, participant_id uuid, role text, display_name text,
  locale text, time_zone text
)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select p.appointment_id, p.subject, p.participant_id, p.role, p.display_name, p.locale, p.time_zone
  from chime_page.participants as p
  where p.appointment_id in (
    select a.id
    from chime_page.appointments as a
    where chime_page.matters_now(a.starts_at, a.ends_at, a.status, p_now)
  );
$$;

-- Faults of single people.
create function chime_page.check_people(p_now timestamptz)
returns table (severity text, "column" text, problem text, "rows" bigint, example uuid)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with faults as (
    select p.appointment_id, f.severity, f.col, f.problem
    from chime_page.current_people(p_now) as p
    cross join lateral (
      values
        ('fault', 'subject', 'null or empty: this person cannot join',
          coalesce(p.subject, '') = ''),
        ('fault', 'subject', 'spaces around it, or longer than 255 characters: no token matches',
          p.subject <> btrim(p.subject) or length(p.subject) > 255),
        ('fault', 'participant_id', 'null', p.participant_id is null),
        ('fault', 'role', 'null', p.role is null),
        ('fault', 'role', 'unknown role', p.role not in ('provider', 'patient', 'guest')),
        ('fault', 'display_name', 'null or blank',
          chime_page.shown_name(p.display_name) is null),
        ('warning', 'locale', 'not a language tag such as fr: ignored',
          btrim(p.locale) !~ '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$'),
        ('warning', 'time_zone', 'not a name such as Africa/Douala: ignored',
          p.time_zone !~ '^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$')
    ) as f (severity, col, problem, is_wrong)
    where f.is_wrong
  )
  select f.severity, 'participants.' || f.col, f.problem, count(*), min(f.appointment_id::text)::uuid
  from faults as f
  group by f.severity, f.col, f.problem
  union all
  select 'fault', 'participants.appointment_id', 'null', count(*), null
  from chime_page.participants as p
  where p.appointment_id is null
  having count(*) > 0;
$$;

-- Faults that only several rows together show.
create function chime_page.check_visits(p_now timestamptz)
returns table (severity text, "column" text, problem text, "rows" bigint, example uuid)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with people as (select p.* from chime_page.current_people(p_now) as p),
  faults as (
    select a.id, 'role' as col, case
      when not exists (select from people as p where p.appointment_id = a.id)
        then 'an appointment without people'
      else 'an appointment without a provider who can join: its patients wait in vain'
    end as problem
    from chime_page.appointments as a
    where chime_page.matters_now(a.starts_at, a.ends_at, a.status, p_now)
      and a.status in ('scheduled', 'in_progress')
      and not exists (
        select from people as p
        where p.appointment_id = a.id and p.role = 'provider' and p.subject <> ''
          and p.participant_id is not null and chime_page.shown_name(p.display_name) is not null
      )
    union all
    select p.appointment_id, 'subject', 'a person with several different rows in one appointment'
    from (select distinct q.appointment_id, q.subject, q.participant_id, q.role from people as q) as p
    where p.subject <> ''
    group by p.appointment_id, p.subject
    having count(*) > 1
    union all
    select p.appointment_id, 'participant_id', 'several people of one appointment share it'
    from people as p
    where p.participant_id is not null and p.subject <> ''
    group by p.appointment_id, p.participant_id
    having count(distinct p.subject) > 1
  )
  select 'fault', 'participants.' || f.col, f.problem, count(*), min(f.id::text)::uuid
  from faults as f
  group by f.col, f.problem;
$$;

-- Subjects that look like ids of another table: numbers, and UUIDs that are nobody's `auth.users.id`
-- but a primary key elsewhere, typically the id of a profile. Without any user of Supabase Auth among
-- the people this is only a warning, because an own table may use the ids of another issuer.
create function chime_page.check_subjects(p_now timestamptz)
returns table (severity text, "column" text, problem text, "rows" bigint, example uuid)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_uuid constant text := '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
  v_known uuid[] := '{}';
  v_unknown uuid[];
  v_elsewhere uuid[] := '{}';
  v_hits uuid[];
  v_key record;
begin
  select coalesce(array_agg(distinct s.subject::uuid), '{}') into v_unknown
  from (
    select p.subject from chime_page.current_people(p_now) as p where p.subject ~ v_uuid offset 0
  ) as s;
  if to_regclass('auth.users') is not null then
    execute 'select coalesce(array_agg(u.id), ''{}'') from auth.users as u where u.id = any ($1)'
      into v_known using v_unknown;
    v_unknown := array(select unnest(v_unknown) except select unnest(v_known));
  end if;
  severity := case when v_known = '{}' then 'warning' else 'fault' end;
  "column" := 'participants.subject';

  for v_key in
    select c.oid::regclass as tab, n.nspname, c.relname, a.attname
    from pg_index as i
    join pg_class as c on c.oid = i.indrelid
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_attribute as a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where i.indisprimary and i.indnkeyatts = 1 and c.relkind in ('r', 'p')
      and not c.relispartition
      and a.atttypid = 'uuid'::regtype
      and n.nspname <> 'chime_page' and n.nspname !~ '^pg_'
      and (n.nspname, c.relname) <> ('auth', 'users')
      and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
    order by n.nspname, c.relname
  loop
    execute format(
      'select coalesce(array_agg(t.%1$I), ''{}'') from %2$I.%3$I as t where t.%1$I = any ($1)',
      v_key.attname, v_key.nspname, v_key.relname
    ) into v_hits using v_unknown;
    continue when v_hits = '{}';
    v_elsewhere := v_elsewhere || v_hits;
    problem := format(
      'an id of %I.%I and of nobody in auth.users: map it to the `sub` of the token',
      v_key.nspname, v_key.relname
    );
    select count(*), min(p.appointment_id::text)::uuid into "rows", example
    from chime_page.current_people(p_now) as p
    where lower(p.subject) = any (v_hits::text[]);
    return next;
  end loop;

  problem := 'a number, which looks like the id of a table: map it to the `sub` of the token';
  select count(*), min(p.appointment_id::text)::uuid into "rows", example
  from chime_page.current_people(p_now) as p
  where p.subject ~ '^[0-9]{1,18}$';
  if "rows" > 0 then
    return next;
  end if;

  v_unknown := array(select unnest(v_unknown) except select unnest(v_elsewhere));
  if v_known <> '{}' and v_unknown <> '{}' then
    severity := 'warning';
    problem := 'a UUID of nobody in auth.users: this person may have been deleted';
    select count(*), min(p.appointment_id::text)::uuid into "rows", example
    from chime_page.current_people(p_now) as p
    where lower(p.subject) = any (v_unknown::text[]);
    return next;
  end if;
end
$$;

create function chime_page.check(p_now timestamptz default now())
returns table (severity text, "column" text, problem text, "rows" bigint, example uuid)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select f.*
  from (
    select * from chime_page.check_appointments(p_now)
    union all select * from chime_page.check_people(p_now)
    union all select * from chime_page.check_visits(p_now)
    union all select * from chime_page.check_subjects(p_now)
  ) as f
  order by f.severity, f."column", f.problem;
$$;

comment on function chime_page.check is
  'Lists what is wrong with the rows of chime_page.appointments and chime_page.participants that matter now: severity (fault or warning), column, problem, number of rows, and an appointment as an example. No rows: nothing is wrong.';

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;
