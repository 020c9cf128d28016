import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Sql } from "postgres";
import { type EmbeddedSupabase, startSupabase } from "../../dev/supabase/embedded.ts";
import type { DatabaseOptions, Query } from "../../dev/supabase/database.ts";
import { type AppointmentRow, insertVisit } from "./visit_rows.ts";
import { pathOf } from "./project.ts";

/** An empty project with only the migrations; in memory by default. */
export function startEmpty(database: DatabaseOptions = { kind: "pglite" }) {
  return startSupabase({ database, migrationsDir: pathOf("supabase/migrations") });
}

/** The Supabase client with one of the project's keys. */
export function clientOf(supabase: EmbeddedSupabase, key: string): SupabaseClient {
  return createClient(supabase.url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}

/** The result of a function of the database. */
export type Answer = Record<string, unknown> & { readonly outcome: string };
export type Call = (name: string, parameters: Record<string, unknown>) => Promise<Answer>;

/** Calls `public.chime_page_<name>` over the Data API with the secret key. */
export function callerOf(supabase: EmbeddedSupabase): Call {
  const client = clientOf(supabase, supabase.secretKey);
  return async (name, parameters) => {
    const { data, error } = await client.rpc(`chime_page_${name}`, parameters);
    if (error !== null) throw Object.assign(new Error(error.message), { code: error.code });
    return data;
  };
}

/** Calls `public.chime_page_<name>` in SQL, on a client's own connection. */
export async function callInSql(
  client: Sql,
  name: string,
  parameters: Record<string, unknown>,
): Promise<Answer> {
  const names = Object.keys(parameters).map((key, index) => `${key} => $${index + 1}`);
  const [row] = await client.unsafe(
    `select public.chime_page_${name}(${names.join()}) as answer`,
    Object.values(parameters) as string[],
  );
  return row?.["answer"];
}

/** The time around which all tests happen. */
export const noon = new Date("2027-03-01T12:00:00.000Z");

/** A time so many minutes from `noon`; fractions are allowed. */
export function at(minutes: number): string {
  return new Date(noon.getTime() + minutes * 60_000).toISOString();
}

/** A SHA-256 in hex that nobody has used before. */
export function newHash(): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(32)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** A request token that nobody has used before. */
export function newToken(): string {
  return `token-${crypto.randomUUID()}`;
}

/** A visit of these tests. */
export interface Visit {
  readonly id: string;
  /** Subjects, by role. */
  readonly provider: string;
  readonly patient: string;
  /** Participant ids, by role. */
  readonly providerId: string;
  readonly patientId: string;
}

/** What a test may choose of an appointment. */
export type VisitDetails = Partial<Omit<AppointmentRow, "id">>;

/** A visit from 12:00 to 12:30 with a provider and a patient, in the default tables. */
export async function makeVisit(sql: Query, details: VisitDetails = {}): Promise<Visit> {
  const visit = {
    id: crypto.randomUUID(),
    provider: `provider-${crypto.randomUUID()}`,
    patient: `patient-${crypto.randomUUID()}`,
    providerId: crypto.randomUUID(),
    patientId: crypto.randomUUID(),
  };
  await insertVisit(sql, { startsAt: at(0), endsAt: at(30), ...details, id: visit.id }, [
    {
      id: visit.providerId,
      subject: visit.provider,
      role: "provider",
      name: "Dr. Hélène Mbarga",
      locale: null,
    },
    {
      id: visit.patientId,
      subject: visit.patient,
      role: "patient",
      name: "Aïcha Bello",
      locale: "fr",
    },
  ]);
  return visit;
}

/** The names of a visit's events, in order. */
export async function eventsOf(sql: Query, appointment: string): Promise<unknown[]> {
  const rows = await sql(
    "select name from chime_page.events where appointment_id = $1 order by id",
    [appointment],
  );
  return rows.map((row) => row["name"]);
}

/** Creates a pass of a person and returns its hash. */
export async function makePass(
  call: Call,
  appointment: string,
  subject: string,
  expiresAt: string = at(2),
): Promise<string> {
  const pass = newHash();
  const answer = await call("pass_create", {
    p_appointment: appointment,
    p_subject: subject,
    p_pass: pass,
    p_expires_at: expiresAt,
    p_closes_after_minutes: 60,
    p_now: at(0),
  });
  if (answer.outcome !== "created") throw new Error(`Cannot create a pass: ${answer.outcome}`);
  return pass;
}

/** Opens a page as a person with a token, and returns the hash of the new session. */
export async function makeSession(
  call: Call,
  appointment: string,
  subject: string,
  now: string = at(0),
): Promise<string> {
  const session = newHash();
  const answer = await call("open", {
    p_appointment: appointment,
    p_now: now,
    p_subject: subject,
    p_new_session: session,
  });
  if (answer.outcome !== "found") throw new Error(`Cannot start a session: ${answer.outcome}`);
  return session;
}
