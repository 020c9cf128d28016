-- Sessions of people who wait for a visit that opens later.
--
-- A session lasts a day at most, so that of a page that is opened earlier, or whose visit is moved,
-- would end before the visit opens. The Edge Function keeps such a session for the visit.

-- Extends the session of a visit that has not started until the visit closes, for at most 31 days.
-- Never shortens it, and never revives one that has expired or was revoked.
create function public.chime_page_session_keep(
  p_appointment uuid,
  p_session text,
  p_closes_after_minutes int,
  p_now timestamptz
) returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_until timestamptz;
  v_expires_at timestamptz;
begin
  -- Null if the visit has started: `greatest` ignores it, `least` would too.
  select least(
    a.ends_at + make_interval(mins => p_closes_after_minutes), p_now + interval '31 days'
  ) into v_until
  from chime_page.appointments as a
  where a.id = p_appointment and a.starts_at > p_now;

  update chime_page.sessions as s
  set expires_at = greatest(s.expires_at, v_until)
  where s.hash = chime_page.hash_of(p_session)
    and s.appointment_id = p_appointment
    and s.revoked_at is null
    and s.expires_at > p_now
  returning s.expires_at into v_expires_at;
  if not found then
    return jsonb_build_object('outcome', 'unauthenticated');
  end if;
  return jsonb_build_object('outcome', 'kept', 'expires_at', v_expires_at);
end
$$;

comment on function public.chime_page_session_keep is
  'Extends the session of a person who waits for a visit until the visit closes.';

revoke all on function public.chime_page_session_keep from public, anon, authenticated;
grant execute on function public.chime_page_session_keep to service_role;
