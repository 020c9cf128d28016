import type { ChimeMeeting } from "../../_shared/chime_types.ts";
import type { Heard, Person } from "../contract/page_data.ts";
import type { Appointment } from "./join_policy.ts";

/**
 * What identifies a person before the database is asked: a verified subject, or hashes of a link and
 * of sessions that the database must know.
 */
export interface Credentials {
  readonly subject?: string;
  readonly passHash?: string;
  /** The session of a page or form, or those in all cookies of the visit. The database uses one. */
  readonly sessions?: readonly { readonly hash: string }[];
  /** Subject of an expired token. A link or session counts only if it is this person's. */
  readonly expiredSubject?: string;
}

/** An appointment as seen by one participant. */
export interface Visit {
  readonly appointment: Appointment;
  readonly self: Person & { readonly locale: string | null; readonly timeZone: string | null };
  /** Everyone listed, and who is here without being listed. */
  readonly people: readonly Person[];
  /** Those of `people` who are not listed. Pages that were opened before them do not know them. */
  readonly unlisted: readonly Person[];
  /** Ids of participants who are here: see {@link Heard}. */
  readonly present: readonly string[];
  /** Only for a page that asks for its status. */
  readonly heard?: readonly Heard[];
  /** Only for a page that asks for its status: a provider ended the visit, and nobody has reopened it. */
  readonly ended?: boolean;
  /** Whether a provider has joined. */
  readonly providerIn: boolean;
  readonly via: "subject" | "pass" | "session";
  /** Hash of the session that identified the person; null if a subject or a link did. */
  readonly sessionHash: string | null;
  readonly sessionExpiresAt: Date | null;
  /** The current meeting; null if this person may not join it now. */
  readonly meeting: Meeting | null;
  /** Ended meetings that may still exist at Chime. */
  readonly toDelete: readonly Meeting[];
}

/** A meeting of an appointment. Creating it at Chime again needs the same request token and region. */
export interface Meeting {
  readonly id: string;
  readonly requestToken: string;
  /** Null means the region in the settings. */
  readonly mediaRegion: string | null;
  /** Null until the meeting has been created at Chime and stored. */
  readonly chime: ChimeMeeting | null;
}

/**
 * Kind of a link. `at-once` is opened by the app itself within a minute or so. `by-tap` can be sent by
 * email, text message or chat, where programs open every link they see, so it needs a tap.
 */
export type LinkKind = "at-once" | "by-tap";
