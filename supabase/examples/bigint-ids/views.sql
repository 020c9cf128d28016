-- The two views over tables with integer ids. Can be run again.
--
-- Every table gets a column with a UUID, which is what appears in URLs. Your own ids, keys and queries
-- stay as they are. Adding the column rewrites the table once; the unique constraint makes the index
-- that the page needs.

alter table public.bookings
  add column if not exists visit_id uuid not null unique default gen_random_uuid();
alter table public.bookings
  add column if not exists patient_visit_id uuid not null default gen_random_uuid();
alter table public.staff
  add column if not exists visit_id uuid not null unique default gen_random_uuid();

create or replace view chime_page.appointments as
select
  b.visit_id as id,
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
  b.visit_id as appointment_id,
  b.patient_auth_id::text as subject,
  b.patient_visit_id as participant_id,
  'patient' as role,
  b.patient_name as display_name,
  null::text as locale,
  null::text as time_zone
from public.bookings as b
union all
select b.visit_id, s.auth_id::text, s.visit_id, 'provider', s.name, null, null
from public.bookings as b
join public.staff as s on s.id = b.clinician_id;
