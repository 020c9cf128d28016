import type { Role } from "../contract/page_data.ts";

/** What an appointment says of itself, as the view `chime_page.appointments` gives it. */
export interface Appointment {
  readonly id: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: "scheduled" | "in_progress" | "completed" | "cancelled";
  readonly videoEnabled: boolean;
  readonly mediaRegion: string | null;
}

/** The join window around an appointment, and whether others wait for a provider. */
export interface JoinRule {
  readonly opensBeforeMinutes: number;
  readonly closesAfterMinutes: number;
  readonly waitingRoom: boolean;
}

/** Whether a participant may come in now. */
export type Decision =
  | { readonly kind: "open" }
  | { readonly kind: "waiting" }
  | { readonly kind: "too-early"; readonly opensAt: Date }
  | { readonly kind: "over" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "video-disabled" };

/**
 * The house rule of who may come in when. The window counts from `opensBeforeMinutes` before the
 * start, inclusive, to `closesAfterMinutes` after the end, exclusive. The database function
 * `chime_page_open` claims a meeting by the same rule, and a test holds the two together.
 */
export function decide(
  appointment: Appointment,
  role: Role,
  providerIn: boolean,
  now: Date,
  rule: JoinRule,
): Decision {
  if (appointment.status === "cancelled") return { kind: "cancelled" };
  if (appointment.status === "completed") return { kind: "over" };
  if (!appointment.videoEnabled) return { kind: "video-disabled" };
  const opensAt = new Date(appointment.startsAt.getTime() - rule.opensBeforeMinutes * 60_000);
  const closesAt = appointment.endsAt.getTime() + rule.closesAfterMinutes * 60_000;
  if (now.getTime() >= closesAt) return { kind: "over" };
  if (now < opensAt) return { kind: "too-early", opensAt };
  if (role !== "provider" && rule.waitingRoom && !providerIn) return { kind: "waiting" };
  return { kind: "open" };
}
