-- The views over `bookings` and `profiles`. Can be run again.

create or replace view chime_page.appointments as
select
  b.id,
  b.starts_at,
  -- A booking without a length gets half an hour.
  b.starts_at + make_interval(mins => coalesce(nullif(b.duration_minutes, 0), 30)) as ends_at,
  case b.status::text
    when 'requested' then 'scheduled'
    when 'accepted' then 'scheduled'
    when 'running' then 'in_progress'
    when 'done' then 'completed'
    else 'cancelled'
  end as status,
  b.kind = 'video' as video_enabled,
  null::text as media_region
from public.bookings as b;

create or replace view chime_page.participants as
select
  b.id as appointment_id,
  -- With Supabase Auth the token's `sub` is the user's id.
  p.id::text as subject,
  p.id as participant_id,
  person.role,
  concat_ws(' ', p.given_name, p.family_name) as display_name,
  p.language as locale,
  null::text as time_zone
from public.bookings as b
cross join lateral (
  values (b.clinician_id, 'provider'), (b.patient_id, 'patient')
) as person (id, role)
join public.profiles as p on p.id = person.id;
