import { hashSecret } from "../../_shared/secrets.ts";
import { problemResponse } from "../http/problem_response.ts";
import { bearerOf, hashLink, verifyToken } from "../auth/credentials.ts";
import { isUuid, type LinkOrder, readLinkOrder } from "../http/validation.ts";
import type { AppContext, Parts } from "../http/dependencies.ts";

/**
 * `POST /chime-page/:appointmentId/passes`: a single-use link for the person whose token asks. A page
 * that was opened by a link can't hand itself on to others. Answers 201 `{url, expiresAt}`.
 * Problems: `bad-request`, `unauthenticated`, `visit-not-found`, `rate-limited`,
 * `upstream-unavailable`.
 */
export async function createPass(c: AppContext, parts: Parts): Promise<Response> {
  const { settings } = parts;
  const refuse = (problem: Parameters<typeof problemResponse>[2]) =>
    problemResponse(c, settings, problem);

  const id = c.req.param("id") ?? "";
  if (!isUuid(id)) return refuse({ name: "bad-request", reason: "malformed-id" });
  const request = c.req.raw;
  const subject = await verifyToken(
    request,
    bearerOf(request),
    parts.tokens,
    settings.supabase.publicKeys,
  );
  if (!subject) return refuse({ name: "unauthenticated", reason: "no-token" });
  if (!subject.ok) return refuse(subject.error);
  const order = await readLinkOrder(c);
  if (!order.ok) return refuse(order.error);
  const { opens } = order.value;
  const now = parts.now();
  const expiresAt = endOf(order.value, now, settings.passMinutes);
  if (expiresAt && expiresAt <= now) return refuse({ name: "bad-request", reason: "ends-in-past" });

  const secret = parts.newSecret();
  const created = await parts.visits.createPass({
    appointmentId: id,
    subject: subject.value,
    hash: await (opens === "by-tap" ? hashLink(secret) : hashSecret(secret)),
    opens,
    expiresAt,
    closesAfterMinutes: settings.closesAfterMinutes,
    now,
  });
  if (!created.ok) return refuse(created.error);
  c.get("notes").appointmentId = id;
  const query = opens === "by-tap" ? "link" : "pass";
  return c.json({
    url: `${settings.publicUrl}/${id}?${query}=${secret}`,
    expiresAt: created.value.toISOString(),
  }, 201);
}

/** When a link ends at the latest; null: with the visit. */
function endOf(order: LinkOrder, now: Date, passMinutes: number): Date | null {
  if (order.expiresAt) return order.expiresAt;
  const minutes = order.opens === "by-tap" ? order.minutes : passMinutes;
  return minutes === undefined ? null : new Date(now.getTime() + minutes * 60_000);
}
