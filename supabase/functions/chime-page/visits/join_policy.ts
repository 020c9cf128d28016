import type { Role } from "../contract/page_data.ts";

/** An appointment in the view `chime_page.appointments`. */
export interface Appointment {
  readonly id: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: "scheduled" | "in_progress" | "completed" | "cancelled";
  readonly videoEnabled: boolean;
  readonly mediaRegion: string | null;
}

/** When people may join. */
export interface JoinRule {
  /** Minutes before the start at which joining opens. */
  readonly opensBeforeMinutes: number;
  /** Minutes after the end at which joining closes. */
  readonly closesAfterMinutes: number;
  /** Whether patients and guests wait until a provider has joined. */
  readonly waitingRoom: boolean;
}

/** Whether a participant may join now. */
export type Decision =
  | { readonly kind: "open" }
  | { readonly kind: "waiting" }
  | { readonly kind: "too-early"; readonly opensAt: Date }
  | { readonly kind: "over" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "video-disabled" };

/**
 * Decides who may join when. The window includes the moment it opens and excludes the moment it
 * closes. The database function `chime_page_open` claims meetings by the same rule; a test compares
 * the two.
 * @param providerIn whether a provider has joined
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
