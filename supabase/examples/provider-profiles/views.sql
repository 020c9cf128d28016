-- The views `chime_page.appointments` and `chime_page.participants` over `appointments`, `users` and
-- `medical_provider_profiles`, for people who sign in with Firebase. Can be run again.

create or replace view chime_page.appointments as
select
  a.id,
  visit.starts_at,
  case
    when not a.is_date_only and a.wall_end > a.wall_start then a.wall_end at time zone a.zone
    else visit.starts_at + make_interval(mins => a.minutes)
  end as ends_at,
  -- Add your own values. One that is not listed is passed on: the visit does not open, its people read
  -- that the clinic has to correct it, and the log names the column. Calling it cancelled would be
  -- wrong.
  case a.status
    -- Waits for its payment. To keep such visits closed, leave their rows out of this view.
    when 'pending' then 'scheduled'
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
    when 'cancelled' then 'cancelled'
    when 'canceled' then 'cancelled'
    when 'rejected' then 'cancelled'
    else a.status
  end as status,
  -- The mode first: the app does not write the flag, so that is the default of its column.
  case
    when a.mode in ('online', 'video') then true
    when a.mode in ('in person', 'in-person', 'in_person') then false
    else coalesce(a.video_enabled, false)
  end as video_enabled,
  null::text as media_region
from (
  select
    b.id,
    b.video_enabled,
    'Africa/Douala' as zone,
    lower(btrim(b.status::text)) as status,
    lower(btrim(b.consultation_mode::text)) as mode,
    -- The app stores the clock on the wall as if it were UTC.
    b.scheduled_start::timestamptz at time zone 'UTC' as wall_start,
    b.scheduled_end::timestamptz at time zone 'UTC' as wall_end,
    -- The booking screen writes only the date to `scheduled_start`. The time of the start is in
    -- `scheduled_end`, on the day of the booking.
    b.scheduled_end is not null
      and (b.scheduled_start::timestamptz at time zone 'UTC')::time = time '00:00' as is_date_only,
    coalesce(
      (
        select p.consultation_duration_minutes
        from public.medical_provider_profiles as p
        where p.id = b.provider_id and p.consultation_duration_minutes > 0
      ),
      30
    )::int as minutes
  from public.appointments as b
) as a
cross join lateral (
  select
    case when a.is_date_only then a.wall_start::date + a.wall_end::time else a.wall_start end
      at time zone a.zone as starts_at
) as visit;

create or replace view chime_page.participants as
select
  person.appointment_id,
  -- The token's `sub`. A person without one is listed in the visit but cannot join.
  nullif(u.firebase_uid, '')::text as subject,
  u.id as participant_id,
  person.role,
  coalesce(nullif(btrim(u.full_name), ''), initcap(person.role)) as display_name,
  -- The app stores names of languages. Tags are understood too. Null: the language of the phone.
  case
    when spoken.language ~ '^(en|english)$' then 'en'
    when spoken.language ~ '^(fr|french|fran[cç]ais)$' then 'fr'
    when spoken.language ~ '^(ar|arabic|العربية)$' then 'ar'
    when spoken.language ~ '^(pt|portuguese|portugu[eê]s)$' then 'pt'
    when spoken.language ~ '^(es|spanish|espa[nñ]ol)$' then 'es'
    when spoken.language ~ '^(sw|swahili|kiswahili)$' then 'sw'
  end as locale,
  -- The app stores UTC for people who never chose a zone. Null shows the time of their device.
  case
    when btrim(u.timezone) !~* '^(etc/)?(utc|uct|gmt|universal|zulu|z)([+-]?0+(:?00)?)?$'
      then nullif(btrim(u.timezone), '')
  end as time_zone
from (
  select a.id as appointment_id, a.patient_id as user_id, 'patient' as role
  from public.appointments as a
  union all
  -- `provider_id` refers to a profile. Comparing it with `users.id` would find nobody, or another
  -- person with that id.
  select a.id, profile.user_id, 'provider'
  from public.appointments as a
  join public.medical_provider_profiles as profile on profile.id = a.provider_id
  where profile.is_active is not false
    and lower(btrim(profile.application_status)) is distinct from 'revoked'
) as person
join public.users as u on u.id = person.user_id
cross join lateral (
  -- The first word, so that `pt-BR` and `French (Cameroon)` are understood.
  select substring(lower(btrim(u.preferred_language)) from '^[^-_ (,/]+') as language
) as spoken;
