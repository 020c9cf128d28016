import type { Query } from "../../dev/supabase/database.ts";

/** A row of the default table of appointments. */
export interface AppointmentRow {
  readonly id: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status?: string | undefined;
  readonly videoEnabled?: boolean | undefined;
}

/** A row of the default table of participants. */
export interface ParticipantRow {
  readonly id: string;
  readonly subject: string;
  readonly role: "provider" | "patient" | "guest";
  readonly name: string;
  readonly locale: string | null;
}

/** Puts an appointment and its people into the default tables. */
export async function insertVisit(
  sql: Query,
  { id, startsAt, endsAt, status = "scheduled", videoEnabled = true }: AppointmentRow,
  people: readonly ParticipantRow[],
): Promise<void> {
  await sql(
    `insert into public.visit_appointments (id, starts_at, ends_at, status, video_enabled)
     values ($1, $2, $3, $4, $5)`,
    [id, startsAt, endsAt, status, videoEnabled],
  );
  for (const person of people) await insertParticipant(sql, id, person);
}

/** Adds a person to an appointment. */
export async function insertParticipant(
  sql: Query,
  appointment: string,
  { id, subject, role, name, locale }: ParticipantRow,
): Promise<void> {
  await sql(
    `insert into public.visit_participants
       (id, appointment_id, subject, role, display_name, locale)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, appointment, subject, role, name, locale],
  );
}
