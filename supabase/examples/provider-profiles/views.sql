-- The two views of the contract over `appointments`, `users` and `medical_provider_profiles`, for a
-- project whose people sign in with Firebase. It may be run again; nothing else is changed.

create or replace view chime_page.appointments as
select
  a.id,
  a.scheduled_start::timestamptz as starts_at,
  -- Without an end (or with one before the start) a visit would never open: half an hour then.
  case
    when a.scheduled_end > a.scheduled_start then a.scheduled_end
    else a.scheduled_start + interval '30 minutes'
  end::timestamptz as ends_at,
  -- A word that is not known here does not open. Add yours.
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
  -- What the token says. Somebody without one is shown to the others and cannot come in.
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
  -- `provider_id` is the id of a profile. Compared with a user's id it finds nobody or, when the two
  -- happen to be equal, somebody else.
  select a.id, profile.user_id, 'provider'
  from public.appointments as a
  join public.medical_provider_profiles as profile on profile.id = a.provider_id
) as person
join public.users as u on u.id = person.user_id;
