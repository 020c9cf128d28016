-- The tables this example is for. Only for tests and for trying the example.

create table public.people (
  id bigint generated always as identity primary key,
  -- The person's id at Supabase Auth; null if they have no account.
  account uuid references auth.users (id),
  name text not null
);

create table public.consultations (
  id bigint generated always as identity primary key,
  patient_id bigint not null references public.people (id),
  day text,
  hour text,
  state text
);

create table public.consultation_doctors (
  consultation_id bigint not null references public.consultations (id),
  doctor_id bigint not null references public.people (id),
  primary key (consultation_id, doctor_id)
);

alter table public.people enable row level security;
alter table public.consultations enable row level security;
alter table public.consultation_doctors enable row level security;

-- The views need UUIDs. A number becomes the last digits of one, and the first digits say which table
-- it is from.
create function public.uuid_of(prefix text, id bigint) returns uuid
language sql immutable parallel safe
return (prefix || '-0000-4000-8000-' || lpad(to_hex(id), 12, '0'))::uuid;

create index consultations_by_uuid on public.consultations (public.uuid_of('c0000000', id));
create index consultation_doctors_by_uuid
on public.consultation_doctors (public.uuid_of('c0000000', consultation_id));
