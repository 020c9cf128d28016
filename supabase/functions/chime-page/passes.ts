import { hashSecret } from "../_shared/secrets.ts";
import { problemResponse } from "./answer.ts";
import { identify } from "./caller.ts";
import { isUuid } from "./input.ts";
import type { AppContext, Parts } from "./parts.ts";

/**
 * `POST /chime-page/:appointmentId/passes`: a single-use link for the person whose token asks.
 * Answers 201 `{url, expiresAt}`. Problems: `bad-request`, `unauthenticated`, `visit-not-found`,
 * `rate-limited`, `upstream-unavailable`.
 */
export async function createPass(c: AppContext, parts: Parts): Promise<Response> {
  const id = c.req.param("id") ?? "";
  if (!isUuid(id)) {
    return problemResponse(c, parts.settings, { name: "bad-request", reason: "malformed-id" });
  }
  const { publicKeys } = parts.settings.supabase;
  const caller = await identify(c.req.raw, {}, parts.tokens, publicKeys);
  if (!caller.ok) return problemResponse(c, parts.settings, caller.error);
  const { subject } = caller.value;
  // A page that was opened by a pass can't hand itself on to others.
  if (!subject) {
    return problemResponse(c, parts.settings, { name: "unauthenticated", reason: "no-token" });
  }

  const pass = parts.newSecret();
  const now = parts.now();
  const expiresAt = new Date(now.getTime() + parts.settings.passMinutes * 60_000);
  const created = await parts.visits.createPass({
    appointmentId: id,
    subject,
    hash: await hashSecret(pass),
    expiresAt,
    closesAfterMinutes: parts.settings.closesAfterMinutes,
    now,
  });
  if (!created.ok) return problemResponse(c, parts.settings, created.error);
  c.get("notes").appointmentId = id;
  return c.json(
    { url: `${parts.settings.publicUrl}/${id}?pass=${pass}`, expiresAt: expiresAt.toISOString() },
    201,
  );
}
