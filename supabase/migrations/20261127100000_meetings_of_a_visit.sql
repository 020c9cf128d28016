-- `public.chime_page_status` asks how the last meeting of a visit ended. The indexes on meetings so far
-- hold only those that are live or must still be deleted in Chime, so every poll of every page read the
-- whole table.

create index meetings_of_a_visit on chime_page.meetings (appointment_id);

-- A visit has few meetings, so the new index finds these too.
drop index chime_page.meetings_to_delete;
