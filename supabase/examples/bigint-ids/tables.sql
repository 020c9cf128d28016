-- Tables with integer ids, as many projects have them. Only for tests and for trying the example.

create table public.staff (
  id bigint generated always as identity primary key,
  auth_id uuid unique,
  name text not null
);

create table public.bookings (
  id bigint generated always as identity primary key,
  clinician_id bigint not null references public.staff (id),
  patient_auth_id uuid not null,
  patient_name text not null,
  begins timestamptz not null,
  minutes int not null,
  state text not null
);

alter table public.staff enable row level security;
alter table public.bookings enable row level security;
