import { sessionOf } from "../auth/credentials.ts";
import { type AppContext, appointmentIdOf, type Dependencies } from "../http/dependencies.ts";
import { unwrap } from "../http/error_edge.ts";
import { readEventBatch } from "../http/validation.ts";

/**
 * `POST …/events`: stores a batch of telemetry and audit events from `sendBeacon`, and notes that the
 * page is gone if it says so. Returns 202.
 * Problems: `bad-request`, `unauthenticated`, `rate-limited`, `payload-too-large`,
 * `upstream-unavailable`.
 */
export async function recordEvents(
  c: AppContext,
  { visits, now }: Dependencies,
): Promise<Response> {
  const { events, gone, session } = unwrap(await readEventBatch(c));
  const { hash } = unwrap(sessionOf(c.req.raw, session));
  const id = appointmentIdOf(c);
  if (gone !== undefined) unwrap(await visits.leave(id, hash, gone, now()));
  if (events.length > 0) unwrap(await visits.record(id, hash, events, now()));
  return c.body(null, 202);
}
