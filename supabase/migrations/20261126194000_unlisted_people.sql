-- People who may enter a visit without being listed, such as a pool of clinicians on call.
--
-- A view `chime_page.participants` may have an eighth column, `listed boolean`. A person whose row says
-- false can open the visit like everyone else, but is shown to the others only once they have opened
-- it. The column is optional, so this changes no view.

-- As before, but without unlisted people who have not opened the visit, or who have left it. Those who
-- are here are marked, because pages that were opened earlier do not know them.
create or replace function chime_page.people_of(p_appointment uuid) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'participant_id', o.participant_id, 'role', o.role, 'display_name', o.display_name,
          'listed', o.listed
        )
        order by (o.role = 'provider') desc, o.display_name, o.participant_id
      ),
      '[]'
    )
    from (
      select distinct on (p.participant_id)
        p.participant_id, p.role, chime_page.shown_name(p.display_name) as display_name, l.listed
      from chime_page.participants as p
      -- By name at run time, since the column is optional. Null counts as listed.
      cross join lateral (
        select to_jsonb(p) ->> 'listed' is distinct from 'false' as listed
      ) as l
      where p.appointment_id = p_appointment
        and p.participant_id is not null
        and chime_page.is_role(p.role)
        and chime_page.shown_name(p.display_name) is not null
        and (
          l.listed
          or exists (
            select from chime_page.sessions as s
            where s.appointment_id = p_appointment
              and s.subject = p.subject
              and s.left_at is null
              and s.revoked_at is null
          )
        )
      order by
        p.participant_id, not l.listed, case p.role when 'provider' then 0 when 'patient' then 1 else 2 end
    ) as o
  );
end
$$;

revoke all on function chime_page.people_of from public, anon, authenticated, service_role;
