-- Even with an empty search path, `pg_temp` is searched, and searched first for tables and types.
-- If a caller created a domain in `pg_temp` with the name of a type that a function uses, the
-- domain's check would run with the privileges of the function's owner. Listed last, `pg_temp` is
-- searched after everything else (PostgreSQL, "Writing SECURITY DEFINER Functions Safely").
--
-- This changes all of this project's functions, including those that run as their caller, because
-- the others call them. Later migrations set the path where they define a function;
-- tests/database/search_path_test.ts checks every function.
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
