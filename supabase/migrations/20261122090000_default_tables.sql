-- Default tables, for projects that have no appointment tables of their own.
--
-- If you have your own tables, leave these empty and replace the two views in the next migration;
-- nothing else reads them.

create table public.visit_appointments (
  id uuid primary key default gen_random_uuid(),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'scheduled',
  video_enabled boolean not null default true,
  media_region text,
  created_at timestamptz not null default now(),
  constraint visit_appointments_ends_after_it_starts check (ends_at > starts_at),
  constraint visit_appointments_status check (
    status in ('scheduled', 'in_progress', 'completed', 'cancelled')
  ),
  constraint visit_appointments_media_region check (media_region ~ '^[a-z]{2}(-[a-z]+)+-[0-9]$')
);

comment on table public.visit_appointments is
  'Video visits. Read by the view chime_page.appointments.';
comment on column public.visit_appointments.media_region is
  'AWS media region for this visit, such as eu-central-1. Null: the configured region.';

create table public.visit_participants (
  id uuid primary key default gen_random_uuid(),
  appointment_id uuid not null references public.visit_appointments (id) on delete cascade,
  subject text not null,
  role text not null,
  display_name text not null,
  locale text,
  time_zone text,
  created_at timestamptz not null default now(),
  constraint visit_participants_once_a_visit unique (appointment_id, subject),
  constraint visit_participants_subject check (length(subject) between 1 and 255),
  constraint visit_participants_role check (role in ('provider', 'patient', 'guest')),
  constraint visit_participants_display_name check (
    length(btrim(display_name)) between 1 and 120
  )
);

comment on table public.visit_participants is
  'People invited to each visit. Read by the view chime_page.participants.';
comment on column public.visit_participants.subject is
  'The `sub` claim of the person''s token: auth.users.id with Supabase Auth, otherwise the user ID at the token issuer.';

-- No policies: nobody can read these tables through the API, not even the participants themselves.
-- The grants are revoked because hosted projects grant privileges on every new table in `public`.
alter table public.visit_appointments enable row level security;
alter table public.visit_participants enable row level security;
revoke all on table public.visit_appointments, public.visit_participants from anon, authenticated;
