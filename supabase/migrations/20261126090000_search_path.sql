-- An empty search path still looks into `pg_temp`, and looks there first for tables and types. A
-- caller who makes a domain in `pg_temp` named like a type that a function uses would have its check
-- run with the rights of the function's owner. Named last, `pg_temp` is looked at after everything
-- else (PostgreSQL, "Writing SECURITY DEFINER Functions Safely").
--
-- Every function of ours, those that run as their caller too: they are called by the others. Later
-- migrations say it where they define a function; tests/database/search_path_test.ts looks at all.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = 'chime_page' or (n.nspname = 'public' and p.proname like 'chime\_page\_%')
  loop
    execute format('alter routine %s set search_path = pg_catalog, pg_temp', v_function);
  end loop;
end
$$;
