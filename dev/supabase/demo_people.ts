/** What happens when a demo person opens their visit. */
type DemoAppointment = "open" | "too-early" | "over" | "cancelled" | "video-disabled" | "group";

/** Of every demo person. */
export const DEMO_PASSWORD = "chime-page-demo";

type Role = "provider" | "patient" | "guest";

/** A person of supabase/seed.sql. */
export type DemoPerson = ReturnType<typeof visit>[number];

function visit(
  appointment: DemoAppointment,
  appointmentId: string,
  people: readonly (readonly [name: string, role: Role, mailbox: string])[],
) {
  return people.map(([name, role, mailbox]) => ({
    name,
    role,
    email: `${mailbox}@example.org`,
    password: DEMO_PASSWORD,
    appointmentId,
    appointment,
  }));
}

/**
 * Everybody in supabase/seed.sql, in the order to show them; the visit that is open comes first.
 * tests/database/start_test.ts compares this list with the rows.
 */
export const demoPeople: readonly DemoPerson[] = [
  ...visit("open", "a0000000-0000-4000-8000-000000000001", [
    ["Dr. Hélène Mbarga", "provider", "helene.mbarga"],
    ["Jean-Pierre Étoundi", "patient", "jean-pierre.etoundi"],
  ]),
  ...visit("too-early", "a0000000-0000-4000-8000-000000000002", [
    ["Dr. Samuel Fotso", "provider", "samuel.fotso"],
    ["Aïcha Bello", "patient", "aicha.bello"],
  ]),
  ...visit("over", "a0000000-0000-4000-8000-000000000003", [
    ["Dr. Grace Nkeng", "provider", "grace.nkeng"],
    ["Paul Biyong", "patient", "paul.biyong"],
  ]),
  ...visit("cancelled", "a0000000-0000-4000-8000-000000000004", [
    ["Dr. Thierry Ondoa", "provider", "thierry.ondoa"],
    ["Mireille Mavoungou", "patient", "mireille.mavoungou"],
  ]),
  ...visit("video-disabled", "a0000000-0000-4000-8000-000000000005", [
    ["Dr. Fatimé Mahamat", "provider", "fatime.mahamat"],
    ["Oumar Djibrine", "patient", "oumar.djibrine"],
  ]),
  ...visit("group", "a0000000-0000-4000-8000-000000000006", [
    ["Dr. Esther Tchoumi", "provider", "esther.tchoumi"],
    ["Dr. Désiré Ndongo", "provider", "desire.ndongo"],
    ["Bih Ngwa", "patient", "bih.ngwa"],
    ["Clarisse Abena", "guest", "clarisse.abena"],
  ]),
];
