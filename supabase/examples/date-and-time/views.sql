-- The views over `consultations`, `consultation_doctors` and `people`. Can be run again.

-- The clinic's local time as a moment; null if the text is not a date and a time.
create or replace function chime_page.moment_of(day text, hour text) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return to_timestamp(btrim(day) || ' ' || btrim(hour), 'DD/MM/YYYY HH24:MI')::timestamp
    at time zone 'Africa/Douala';
exception when others then
  return null;
end
$$;

create or replace view chime_page.appointments as
select
  public.uuid_of('c0000000', c.id) as id,
  chime_page.moment_of(c.day, c.hour) as starts_at,
  chime_page.moment_of(c.day, c.hour) + interval '30 minutes' as ends_at,
  case lower(btrim(c.state))
    when 'planned' then 'scheduled'
    when 'ongoing' then 'in_progress'
    when 'closed' then 'completed'
    else 'cancelled'
  end as status,
  true as video_enabled,
  null::text as media_region
from public.consultations as c;

create or replace view chime_page.participants as
select
  public.uuid_of('c0000000', c.id) as appointment_id,
  p.account::text as subject,
  public.uuid_of('a0000000', p.id) as participant_id,
  'patient' as role,
  p.name as display_name,
  null::text as locale,
  'Africa/Douala' as time_zone
from public.consultations as c
join public.people as p on p.id = c.patient_id
union all
select
  public.uuid_of('c0000000', d.consultation_id),
  p.account::text,
  public.uuid_of('a0000000', p.id),
  'provider',
  p.name,
  null::text,
  'Africa/Douala'
from public.consultation_doctors as d
join public.people as p on p.id = d.doctor_id;
