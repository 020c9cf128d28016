-- The tables this example is for. Only for tests and for trying the example.

create type public.booking_status as enum (
  'requested', 'accepted', 'running', 'done', 'declined', 'cancelled'
);

create table public.profiles (
  id uuid primary key references auth.users (id),
  given_name text not null,
  family_name text not null,
  language text
);

create table public.bookings (
  id uuid primary key default gen_random_uuid(),
  patient_id uuid not null references public.profiles (id),
  clinician_id uuid not null references public.profiles (id),
  starts_at timestamptz not null,
  duration_minutes int,
  status public.booking_status not null default 'requested',
  kind text not null default 'video'
);

alter table public.profiles enable row level security;
alter table public.bookings enable row level security;
create policy "people read their own bookings" on public.bookings for select to authenticated
using ((select auth.uid()) in (patient_id, clinician_id));
