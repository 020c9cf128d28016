import { sessionOf } from "../auth/credentials.ts";
import { type AppContext, appointmentIdOf, type Dependencies } from "../http/dependencies.ts";
import { unwrap } from "../http/error_edge.ts";
import { readEventBatch } from "../http/validation.ts";

/**
 * `POST …/events`: stores a batch of telemetry and audit events from `sendBeacon`. Returns 202.
 * Problems: `bad-request`, `unauthenticated`, `rate-limited`, `payload-too-large`,
 * `upstream-unavailable`.
 */
export async function recordEvents(
  c: AppContext,
  { visits, now }: Dependencies,
): Promise<Response> {
  const { events, session } = unwrap(await readEventBatch(c));
  const { hash } = unwrap(await sessionOf(c.req.raw, session));
  unwrap(await visits.record(appointmentIdOf(c), hash, events, now()));
  return c.body(null, 202);
}
