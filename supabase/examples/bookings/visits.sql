-- Sample rows: a booking that is open now, and one for tomorrow.

insert into auth.users (id, email)
values
  ('10000000-0000-4000-8000-000000000001', 'claire.biya@example.org'),
  ('10000000-0000-4000-8000-000000000002', 'moussa.sali@example.org'),
  ('10000000-0000-4000-8000-000000000003', 'alice.nana@example.org');

insert into public.profiles (id, given_name, family_name, language)
values
  ('10000000-0000-4000-8000-000000000001', 'Claire', 'Biya', 'fr'),
  ('10000000-0000-4000-8000-000000000002', 'Moussa', 'Sali', 'fr'),
  ('10000000-0000-4000-8000-000000000003', 'Alice', 'Nana', 'en');

insert into public.bookings (id, clinician_id, patient_id, starts_at, duration_minutes, status)
values
  (
    '11000000-0000-4000-8000-000000000001',
    '10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002',
    now() - interval '5 minutes', 45, 'accepted'
  ),
  (
    '11000000-0000-4000-8000-000000000002',
    '10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000003',
    now() + interval '1 day', null, 'accepted'
  );
