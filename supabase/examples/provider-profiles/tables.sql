-- The tables this example is for, with the columns that the views read and some that they ignore.
-- Only for tests and for trying the example: your project already has these tables.

create table public.users (
  id uuid primary key default gen_random_uuid(),
  firebase_uid text unique,
  full_name text,
  preferred_language text,
  timezone text
);

create table public.medical_provider_profiles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references public.users (id)
);

create table public.appointments (
  id uuid primary key default gen_random_uuid(),
  patient_id uuid references public.users (id),
  -- Refers to a profile, not to a user.
  provider_id uuid references public.medical_provider_profiles (id),
  status text,
  scheduled_start timestamptz,
  scheduled_end timestamptz,
  video_enabled boolean,
  requires_video_consent boolean,
  consultation_mode text
);

create table public.video_call_sessions (
  id uuid primary key default gen_random_uuid(),
  appointment_id uuid references public.appointments (id),
  channel_name text not null,
  status text,
  provider_id uuid,
  patient_id uuid,
  meeting_id text,
  is_call_active boolean,
  started_at timestamptz,
  ended_at timestamptz
);

alter table public.users enable row level security;
alter table public.medical_provider_profiles enable row level security;
alter table public.appointments enable row level security;
alter table public.video_call_sessions enable row level security;
