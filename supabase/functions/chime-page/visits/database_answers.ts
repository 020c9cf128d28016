/**
 * Schemas for the results of the database functions `chime_page_*`, and their conversion.
 * @module
 */
import * as z from "zod/mini";
import type { Problem } from "../../_shared/problem.ts";
import type { Person } from "../contract/page_data.ts";
import type { Meeting, Visit } from "./visit.ts";

const time = z.pipe(
  z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))),
  z.transform((text: string) => new Date(text)),
);
const role = z.enum(["provider", "patient", "guest"]);
const person = z.object({ participant_id: z.string(), role, display_name: z.string() });
const listedPerson = z.extend(person, { listed: z.optional(z.boolean()) });
/** Stored by this function; validated so that no page gets an incomplete meeting. */
const chimeMeeting = z.object({
  MeetingId: z.string(),
  ExternalMeetingId: z.exactOptional(z.string()),
  MediaRegion: z.string(),
  MediaPlacement: z.object({
    AudioHostUrl: z.string(),
    AudioFallbackUrl: z.string(),
    SignalingUrl: z.string(),
    TurnControlUrl: z.exactOptional(z.string()),
    EventIngestionUrl: z.exactOptional(z.string()),
  }),
});
const meeting = z.object({
  id: z.string(),
  request_token: z.string(),
  media_region: z.nullable(z.string()),
  chime: z.nullable(chimeMeeting),
});
/** Result of `chime_page_open` and `chime_page_status` for a participant. */
export const found = z.object({
  outcome: z.literal("found"),
  via: z.enum(["subject", "pass", "session"]),
  session: z.nullable(z.string()),
  appointment: z.object({
    id: z.string(),
    starts_at: time,
    ends_at: time,
    status: z.enum(["scheduled", "in_progress", "completed", "cancelled"]),
    video_enabled: z.boolean(),
    media_region: z.nullable(z.string()),
  }),
  participant: z.extend(person, {
    locale: z.nullable(z.string()),
    time_zone: z.nullable(z.string()),
  }),
  people: z.array(listedPerson),
  present: z.array(z.string()),
  provider_in: z.boolean(),
  session_expires_at: z.nullable(time),
  meeting: z.nullable(meeting),
  to_delete: z.array(meeting),
  heard: z.optional(
    z.array(z.object({ id: z.string(), seconds_ago: z.number(), ready: z.boolean() })),
  ),
  ended: z.optional(z.boolean()),
});
/** Refusal by any of the functions. */
export const refusal = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.enum(["unauthenticated", "pass-spent", "pass-expired", "visit-not-found"]),
  }),
  z.object({
    outcome: z.literal("rate-limited"),
    retry_after_seconds: z.optional(z.number()),
  }),
  z.object({
    outcome: z.literal("visit-misconfigured"),
    columns: z.array(z.string().check(z.regex(/^[a-z_.]{1,60}$/))),
  }),
]);
/** Result of `chime_page_meeting_created`. */
export const stored = z.object({ outcome: z.enum(["stored", "gone"]) });
/** Result of `chime_page_end_visit`. */
export const ended = z.object({ outcome: z.literal("ended"), to_delete: z.array(meeting) });
/** Result of `chime_page_pass_create`. */
export const created = z.object({ outcome: z.literal("created"), expires_at: time });
/** Result of `chime_page_session_keep`. */
export const kept = z.object({ outcome: z.literal("kept"), expires_at: time });
/** Result of functions that return no data. */
export const done = z.object({
  outcome: z.enum(["ended", "already-ended", "deleted", "live", "recorded", "left"]),
});

/** The database counts passes and events in windows of ten minutes. */
const RATE_LIMIT_WINDOW_SECONDS = 600;

/** Converts a refusal to a problem. */
export function refusalProblem(refused: z.output<typeof refusal>): Problem {
  switch (refused.outcome) {
    case "rate-limited":
      return {
        name: "rate-limited",
        retryAfterSeconds: refused.retry_after_seconds ?? RATE_LIMIT_WINDOW_SECONDS,
      };
    case "visit-misconfigured":
      return { name: "visit-misconfigured", columns: refused.columns };
    default:
      return { name: refused.outcome, reason: "database" };
  }
}

/** Converts a meeting. */
export function meetingOf(row: z.output<typeof meeting>): Meeting {
  return {
    id: row.id,
    requestToken: row.request_token,
    mediaRegion: row.media_region,
    chime: row.chime,
  };
}

/** Converts a visit. */
export function visitOf(row: z.output<typeof found>): Visit {
  const personOf = (one: z.output<typeof person>): Person => ({
    id: one.participant_id,
    name: one.display_name,
    role: one.role,
  });
  const self = personOf(row.participant);
  const people = row.people.map(personOf);
  return {
    appointment: {
      id: row.appointment.id,
      startsAt: row.appointment.starts_at,
      endsAt: row.appointment.ends_at,
      status: row.appointment.status,
      videoEnabled: row.appointment.video_enabled,
      mediaRegion: row.appointment.media_region,
    },
    self: {
      ...self,
      locale: row.participant.locale,
      timeZone: row.participant.time_zone,
    },
    // Somebody who is not listed, and whose page has just been closed, may be missing.
    people: people.some(({ id }) => id === self.id) ? people : [self, ...people],
    unlisted: row.people.filter(({ listed }) => listed === false).map(personOf),
    present: row.present,
    providerIn: row.provider_in,
    via: row.via,
    sessionHash: row.session,
    sessionExpiresAt: row.session_expires_at,
    meeting: row.meeting && meetingOf(row.meeting),
    toDelete: row.to_delete.map(meetingOf),
    ...(row.heard && {
      heard: row.heard.map(({ id, seconds_ago, ready }) => ({
        id,
        secondsAgo: seconds_ago,
        ready,
      })),
    }),
    ...(row.ended === undefined ? {} : { ended: row.ended }),
  };
}
