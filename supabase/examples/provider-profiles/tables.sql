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
  user_id uuid references public.users (id),
  application_status varchar(50) not null default 'pending',
  is_active boolean default true,
  consultation_duration_minutes int
);

create table public.appointments (
  id uuid primary key default gen_random_uuid(),
  patient_id uuid references public.users (id),
  -- Refers to a profile, not to a user.
  provider_id uuid references public.medical_provider_profiles (id),
  status text,
  -- The date of the visit, at 00:00.
  scheduled_start timestamptz,
  -- The date of the booking, at the time when the visit starts.
  scheduled_end timestamptz,
  -- Never written by the app.
  video_enabled boolean default false,
  requires_video_consent boolean,
  -- `Online` or `In person`.
  consultation_mode text
);

create table public.video_call_sessions (
  id uuid primary key default gen_random_uuid(),
  appointment_id uuid references public.appointments (id),
  channel_name text not null,
  status text,
  provider_id uuid,
  patient_id uuid,
  meeting_id varchar(255),
  external_meeting_id varchar(255),
  media_region varchar(50) default 'us-east-1',
  is_call_active boolean,
  started_at timestamptz,
  ended_at timestamptz
);

alter table public.users enable row level security;
alter table public.medical_provider_profiles enable row level security;
alter table public.appointments enable row level security;
alter table public.video_call_sessions enable row level security;
