-- The views `chime_page.appointments` and `chime_page.participants` over `appointments`, `users` and
-- `medical_provider_profiles`, for people who sign in with Firebase. Can be run again.

create or replace view chime_page.appointments as
select
  a.id,
  a.scheduled_start::timestamptz as starts_at,
  -- A visit whose end is missing or before its start would never open, so it gets half an hour.
  case
    when a.scheduled_end > a.scheduled_start then a.scheduled_end
    else a.scheduled_start + interval '30 minutes'
  end::timestamptz as ends_at,
  -- Add your own values. A visit with any other status does not open.
  case lower(btrim(a.status::text))
    when 'scheduled' then 'scheduled'
    when 'confirmed' then 'scheduled'
    when 'rescheduled' then 'scheduled'
    when 'in_progress' then 'in_progress'
    when 'in-progress' then 'in_progress'
    when 'active' then 'in_progress'
    when 'started' then 'in_progress'
    when 'completed' then 'completed'
    when 'ended' then 'completed'
    when 'no_show' then 'completed'
    else 'cancelled'
  end as status,
  coalesce(a.video_enabled, a.consultation_mode = 'video', false) as video_enabled,
  null::text as media_region
from public.appointments as a;

create or replace view chime_page.participants as
select
  person.appointment_id,
  -- The token's `sub`. A person without one is listed in the visit but cannot join.
  nullif(u.firebase_uid, '')::text as subject,
  u.id as participant_id,
  person.role,
  coalesce(nullif(btrim(u.full_name), ''), initcap(person.role)) as display_name,
  case
    when u.preferred_language ilike 'fr%' then 'fr'
    when u.preferred_language ilike 'en%' then 'en'
  end as locale,
  nullif(u.timezone, '')::text as time_zone
from (
  select a.id as appointment_id, a.patient_id as user_id, 'patient' as role
  from public.appointments as a
  union all
  -- `provider_id` refers to a profile. Comparing it with `users.id` would find nobody, or another
  -- person with that id.
  select a.id, profile.user_id, 'provider'
  from public.appointments as a
  join public.medical_provider_profiles as profile on profile.id = a.provider_id
) as person
join public.users as u on u.id = person.user_id;
