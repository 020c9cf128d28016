-- The same two views without a new column, for tables that you cannot change. Can be run again.
--
-- `visit_uuid` writes an id as a UUID: 42 becomes 00000000-0000-0000-0000-00000000002a. The index on
-- that expression is what makes it fast: without it, every request would read the whole table. An app
-- can compute the same UUID by itself.

create or replace function public.visit_uuid(id bigint) returns uuid
language sql immutable strict parallel safe
return lpad(to_hex(id), 32, '0')::uuid;

create unique index if not exists bookings_visit_uuid on public.bookings (public.visit_uuid(id));

create or replace view chime_page.appointments as
select
  public.visit_uuid(b.id) as id,
  b.begins as starts_at,
  b.begins + make_interval(mins => b.minutes) as ends_at,
  case b.state
    when 'booked' then 'scheduled'
    when 'running' then 'in_progress'
    when 'done' then 'completed'
    when 'called off' then 'cancelled'
    else b.state
  end as status,
  true as video_enabled,
  null::text as media_region
from public.bookings as b;

create or replace view chime_page.participants as
select
  public.visit_uuid(b.id) as appointment_id,
  b.patient_auth_id::text as subject,
  -- Not `visit_uuid` of a number that is also a clinician's.
  b.patient_auth_id as participant_id,
  'patient' as role,
  b.patient_name as display_name,
  null::text as locale,
  null::text as time_zone
from public.bookings as b
union all
select
  public.visit_uuid(b.id), s.auth_id::text, public.visit_uuid(s.id), 'provider', s.name, null, null
from public.bookings as b
join public.staff as s on s.id = b.clinician_id;
