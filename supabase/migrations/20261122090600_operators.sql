-- Functions for operators, to run in SQL as the owner of the schema. Not reachable through the API.

-- Revokes every link and session of a person in a visit. A person who is still in the participants
-- view can sign in again, so remove them from the visit as well.
create function chime_page.revoke(appointment uuid, participant uuid) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_passes int;
  v_sessions int;
begin
  -- Passes first, including spent ones: a concurrent call that is spending one holds its row lock,
  -- so the session that call starts is committed before the next statement runs.
  update chime_page.passes as p set revoked_at = now()
  where p.appointment_id = appointment
    and p.participant_id = participant
    and p.revoked_at is null;
  get diagnostics v_passes = row_count;

  update chime_page.sessions as s set revoked_at = now()
  where s.appointment_id = appointment
    and s.participant_id = participant
    and s.revoked_at is null;
  get diagnostics v_sessions = row_count;

  perform chime_page.audit('access-revoked', now(), appointment, participant);
  return jsonb_build_object('passes', v_passes, 'sessions', v_sessions);
end
$$;

comment on function chime_page.revoke is
  'Revokes all passes and sessions of a participant in a visit. Returns how many.';

-- Deletes expired credentials and old events. Meetings are kept: they record which visits took
-- place and contain no personal data.
create function chime_page.purge(before timestamptz) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_passes int;
  v_sessions int;
  v_events int;
begin
  delete from chime_page.passes as p where p.expires_at < before;
  get diagnostics v_passes = row_count;
  delete from chime_page.sessions as s where s.expires_at < before;
  get diagnostics v_sessions = row_count;

  perform set_config('chime_page.purging', 'on', true);
  delete from chime_page.events as e where e.at < before;
  get diagnostics v_events = row_count;
  perform set_config('chime_page.purging', '', true);

  return jsonb_build_object('passes', v_passes, 'sessions', v_sessions, 'events', v_events);
end
$$;

comment on function chime_page.purge is
  'Deletes passes and sessions that expired, and events that happened, before a given time. Returns how many.';

revoke all on all functions in schema chime_page from public, anon, authenticated, service_role;
