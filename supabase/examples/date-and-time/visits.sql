-- Sample rows: a consultation that is open now with two doctors, and one whose hour was mistyped.

insert into auth.users (id, email)
values
  ('20000000-0000-4000-8000-000000000001', 'rose.ateba@example.org'),
  ('20000000-0000-4000-8000-000000000002', 'ibrahim.njoya@example.org'),
  ('20000000-0000-4000-8000-000000000003', 'solange.eyenga@example.org');

insert into public.people (account, name)
values
  ('20000000-0000-4000-8000-000000000001', 'Dr. Rose Ateba'),
  ('20000000-0000-4000-8000-000000000002', 'Dr. Ibrahim Njoya'),
  ('20000000-0000-4000-8000-000000000003', 'Solange Eyenga'),
  (null, 'Paul Without-Account');

insert into public.consultations (patient_id, day, hour, state)
select
  patient,
  to_char(now() at time zone 'Africa/Douala', 'DD/MM/YYYY'),
  coalesce(hour, to_char(now() at time zone 'Africa/Douala', 'HH24:MI')),
  'planned'
from (values (1, 3, null), (2, 4, '2 pm')) as row (place, patient, hour)
order by place;

insert into public.consultation_doctors (consultation_id, doctor_id)
values (1, 1), (1, 2), (2, 1);
