-- What a hosted project has before its first migration, as far as this one relies on it. Applied at
-- every start, so every statement may be repeated.

do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then
    create role anon nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then
    create role authenticated nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'service_role') then
    create role service_role nologin noinherit bypassrls;
  end if;
end
$$;

grant usage on schema public, auth to anon, authenticated, service_role;

-- The platform grants everything new in `public` to the API's roles. Repeated here, so that a test
-- can find a forgotten `revoke` in a migration.
alter default privileges in schema public
grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public
grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public
grant all on sequences to anon, authenticated, service_role;

-- Extensions have a schema of their own, which everybody may use.
create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;

-- A column that seeds of hosted projects fill and the embedded Auth server does not have.
alter table auth.users add column if not exists instance_id uuid;
