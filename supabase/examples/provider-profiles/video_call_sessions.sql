-- Optional: keeps `video_call_sessions` filled for the parts of an app that read it, such as notes and
-- recordings. Each Chime meeting is one row, whose id is that of the row in `chime_page.meetings`.
-- Can be run again.
--
-- No join token is written: anybody who reads one could enter the call.

create or replace function chime_page.copy_to_video_call_sessions() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into public.video_call_sessions as s (
    id, appointment_id, channel_name, provider_id, patient_id, meeting_id, external_meeting_id,
    media_region, status, is_call_active, started_at, ended_at
  )
  select
    new.id, a.id, new.chime ->> 'MeetingId', a.provider_id, a.patient_id,
    new.chime ->> 'MeetingId', new.chime ->> 'ExternalMeetingId', new.chime ->> 'MediaRegion',
    case when new.ended_at is null then 'active' else 'ended' end,
    new.ended_at is null, new.created_at, new.ended_at
  from public.appointments as a
  where a.id = new.appointment_id
  on conflict (id) do update set
    -- Only what changes, so that columns written by other steps are kept.
    status = excluded.status,
    is_call_active = excluded.is_call_active,
    ended_at = excluded.ended_at;
  return null;
exception when others then
  -- The call matters more than its copy.
  raise warning 'video_call_sessions: meeting % was not copied: %', new.id, sqlerrm;
  return null;
end
$$;

revoke all on function chime_page.copy_to_video_call_sessions()
from public, anon, authenticated, service_role;

create or replace trigger copy_to_video_call_sessions
after insert or update of chime, ended_at on chime_page.meetings
for each row
-- Before that, the meeting does not exist in Chime.
when (new.chime is not null)
execute function chime_page.copy_to_video_call_sessions();
