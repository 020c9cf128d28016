-- Demo people and one visit for each state that a visit can be in.
--
-- Runs whenever the development stack starts, and on `supabase db reset --sql-paths ./seed.sql`. Ids
-- are fixed and times are relative to now, so it can be run again. Do not use it in production: the
-- password is public.
-- dev/supabase/demo_people.ts lists the same people for the launcher; a test compares the two.

-- A project with people of its own is not one for demo people.
do $$
begin
  if exists (
    select from auth.users where id::text not like 'b0000000-0000-4000-8000-%'
  ) then
    raise exception 'This database has people of its own: the demo people are not added'
      using hint = 'Their password is public. Use an empty local database.';
  end if;
end
$$;

-- Users. Everyone's password is "chime-page-demo". Its bcrypt hash is included so that no extension is
-- needed, with a low cost because it protects nothing. The Auth server cannot read null tokens, so they
-- are empty strings.
insert into auth.users (
  id, aud, role, email, encrypted_password, email_confirmed_at,
  confirmation_token, recovery_token, email_change, email_change_token_new,
  raw_app_meta_data, raw_user_meta_data, created_at, updated_at
)
select
  person.id::uuid, 'authenticated', 'authenticated', person.email,
  '$2a$05$ape/5KAA3o4X2TYtQrVPJuixEFpzPI3i4XDUPUzhOeFzodPHHOpbq', now(),
  '', '', '', '',
  '{"provider": "email", "providers": ["email"]}', '{}', now(), now()
from (
  values
    ('b0000000-0000-4000-8000-000000000011', 'helene.mbarga@example.org'),
    ('b0000000-0000-4000-8000-000000000012', 'jean-pierre.etoundi@example.org'),
    ('b0000000-0000-4000-8000-000000000021', 'samuel.fotso@example.org'),
    ('b0000000-0000-4000-8000-000000000022', 'aicha.bello@example.org'),
    ('b0000000-0000-4000-8000-000000000031', 'grace.nkeng@example.org'),
    ('b0000000-0000-4000-8000-000000000032', 'paul.biyong@example.org'),
    ('b0000000-0000-4000-8000-000000000041', 'thierry.ondoa@example.org'),
    ('b0000000-0000-4000-8000-000000000042', 'mireille.mavoungou@example.org'),
    ('b0000000-0000-4000-8000-000000000051', 'fatime.mahamat@example.org'),
    ('b0000000-0000-4000-8000-000000000052', 'oumar.djibrine@example.org'),
    ('b0000000-0000-4000-8000-000000000061', 'esther.tchoumi@example.org'),
    ('b0000000-0000-4000-8000-000000000062', 'desire.ndongo@example.org'),
    ('b0000000-0000-4000-8000-000000000063', 'bih.ngwa@example.org'),
    ('b0000000-0000-4000-8000-000000000064', 'clarisse.abena@example.org')
) as person (id, email)
on conflict (id) do update set encrypted_password = excluded.encrypted_password;

insert into auth.identities (
  id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at
)
select
  u.id, 'email', u.id::text, u.id,
  jsonb_build_object('sub', u.id::text, 'email', u.email, 'email_verified', true),
  now(), now(), now()
from auth.users as u
where u.id::text like 'b0000000-0000-4000-8000-%'
on conflict (provider, provider_id) do nothing;

-- The Auth server of the platform also looks people up by this column. The embedded one does not have
-- it.
do $$
begin
  if exists (
    select from information_schema.columns
    where table_schema = 'auth' and table_name = 'users' and column_name = 'instance_id'
  ) then
    update auth.users set instance_id = '00000000-0000-0000-0000-000000000000'
    where id::text like 'b0000000-0000-4000-8000-%';
  end if;
end
$$;

insert into public.visit_appointments (id, starts_at, ends_at, status, video_enabled, media_region)
values
  -- Open now.
  (
    'a0000000-0000-4000-8000-000000000001',
    now() - interval '5 minutes', now() + interval '55 minutes', 'scheduled', true, null
  ),
  -- Too early.
  (
    'a0000000-0000-4000-8000-000000000002',
    now() + interval '3 hours', now() + interval '4 hours', 'scheduled', true, null
  ),
  -- Over.
  (
    'a0000000-0000-4000-8000-000000000003',
    now() - interval '26 hours', now() - interval '25 hours', 'completed', true, null
  ),
  -- Cancelled.
  (
    'a0000000-0000-4000-8000-000000000004',
    now() + interval '5 minutes', now() + interval '35 minutes', 'cancelled', true, null
  ),
  -- Without video.
  (
    'a0000000-0000-4000-8000-000000000005',
    now() - interval '5 minutes', now() + interval '55 minutes', 'scheduled', false, null
  ),
  -- Open now, with four people.
  (
    'a0000000-0000-4000-8000-000000000006',
    now() - interval '10 minutes', now() + interval '50 minutes', 'in_progress', true,
    'eu-central-1'
  )
on conflict (id) do update set
  starts_at = excluded.starts_at,
  ends_at = excluded.ends_at,
  status = excluded.status,
  video_enabled = excluded.video_enabled,
  media_region = excluded.media_region;

insert into public.visit_participants (
  appointment_id, id, subject, role, display_name, locale, time_zone
)
select
  ('a0000000-0000-4000-8000-0000000000' || person.appointment)::uuid,
  ('c0000000-0000-4000-8000-0000000000' || person.number)::uuid,
  'b0000000-0000-4000-8000-0000000000' || person.number,
  person.role, person.display_name, person.locale, person.time_zone
from (
  values
    ('01', '11', 'provider', 'Dr. Hélène Mbarga', null, 'Africa/Douala'),
    ('01', '12', 'patient', 'Jean-Pierre Étoundi', 'fr', 'Africa/Douala'),
    ('02', '21', 'provider', 'Dr. Samuel Fotso', 'en', 'Africa/Douala'),
    ('02', '22', 'patient', 'Aïcha Bello', null, 'Africa/Douala'),
    ('03', '31', 'provider', 'Dr. Grace Nkeng', 'en', 'Africa/Douala'),
    ('03', '32', 'patient', 'Paul Biyong', null, 'Africa/Douala'),
    ('04', '41', 'provider', 'Dr. Thierry Ondoa', null, 'Africa/Brazzaville'),
    ('04', '42', 'patient', 'Mireille Mavoungou', null, 'Africa/Brazzaville'),
    ('05', '51', 'provider', 'Dr. Fatimé Mahamat', null, 'Africa/Ndjamena'),
    ('05', '52', 'patient', 'Oumar Djibrine', null, 'Africa/Ndjamena'),
    ('06', '61', 'provider', 'Dr. Esther Tchoumi', null, 'Africa/Douala'),
    ('06', '62', 'provider', 'Dr. Désiré Ndongo', null, 'Africa/Libreville'),
    ('06', '63', 'patient', 'Bih Ngwa', null, 'Africa/Douala'),
    ('06', '64', 'guest', 'Clarisse Abena', null, null)
) as person (appointment, number, role, display_name, locale, time_zone)
on conflict (id) do update set
  subject = excluded.subject,
  role = excluded.role,
  display_name = excluded.display_name,
  locale = excluded.locale,
  time_zone = excluded.time_zone;

-- The times have moved, so end the meetings of the previous run; patients wait for a provider again.
update chime_page.meetings set ended_at = now(), end_reason = 'seeded-again'
where ended_at is null and appointment_id::text like 'a0000000-0000-4000-8000-%';
