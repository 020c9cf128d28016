import { problemResponse } from "../http/problem_response.ts";
import { sessionOf } from "../auth/credentials.ts";
import { isUuid, readEventBatch } from "../http/validation.ts";
import type { AppContext, Parts } from "../http/dependencies.ts";

/**
 * `POST …/events`: 202; telemetry and audit of the page, in batches from `sendBeacon`.
 * Problems: `bad-request`, `unauthenticated`, `rate-limited`, `payload-too-large`,
 * `upstream-unavailable`.
 */
export async function recordEvents(c: AppContext, parts: Parts): Promise<Response> {
  const id = c.req.param("id") ?? "";
  if (!isUuid(id)) {
    return problemResponse(c, parts.settings, { name: "bad-request", reason: "malformed-id" });
  }
  const batch = await readEventBatch(c);
  if (!batch.ok) return problemResponse(c, parts.settings, batch.error);
  const session = await sessionOf(c.req.raw, batch.value.session);
  if (!session.ok) return problemResponse(c, parts.settings, session.error);
  const recorded = await parts.visits.record(
    id,
    session.value.hash,
    batch.value.events,
    parts.now(),
  );
  return recorded.ok ? c.body(null, 202) : problemResponse(c, parts.settings, recorded.error);
}
