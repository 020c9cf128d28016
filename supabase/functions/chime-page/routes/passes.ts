import { hashSecret } from "../../_shared/secrets.ts";
import { bearerOf, hashLink, verifyToken } from "../auth/credentials.ts";
import { type AppContext, appointmentIdOf, type Dependencies } from "../http/dependencies.ts";
import { refuse, unwrap } from "../http/error_edge.ts";
import { type LinkOrder, readLinkOrder } from "../http/validation.ts";

/**
 * `POST /chime-page/:appointmentId/passes`: a single-use link for the person whose token asks. A page
 * that was opened by a link cannot pass it on to others. Answers 201 `{url, expiresAt}`.
 * Problems: `bad-request`, `unauthenticated`, `visit-not-found`, `rate-limited`,
 * `upstream-unavailable`.
 */
export async function createPass(c: AppContext, dependencies: Dependencies): Promise<Response> {
  const { settings, tokens, visits } = dependencies;
  const appointmentId = appointmentIdOf(c);
  const request = c.req.raw;
  const { publicKeys } = settings.supabase;
  const verified = await verifyToken(request, bearerOf(request), tokens, publicKeys) ??
    refuse({ name: "unauthenticated", reason: "no-token" });
  const subject = unwrap(verified);
  const order = unwrap(await readLinkOrder(c));
  const now = dependencies.now();
  const expiresAt = endOf(order, now, settings.passMinutes);
  if (expiresAt && expiresAt <= now) refuse({ name: "bad-request", reason: "ends-in-past" });

  const secret = dependencies.newSecret();
  const { opens } = order;
  const ends = unwrap(
    await visits.createPass({
      appointmentId,
      subject,
      hash: await (opens === "by-tap" ? hashLink(secret) : hashSecret(secret)),
      opens,
      expiresAt,
      closesAfterMinutes: settings.closesAfterMinutes,
      now,
    }),
  );
  c.get("notes").appointmentId = appointmentId;
  const query = opens === "by-tap" ? "link" : "pass";
  const url = `${settings.publicUrl}/${appointmentId}?${query}=${secret}`;
  return c.json({ url, expiresAt: ends.toISOString() }, 201);
}

/** When a link ends at the latest; null: with the visit. */
function endOf(order: LinkOrder, now: Date, passMinutes: number): Date | null {
  if (order.expiresAt) return order.expiresAt;
  const minutes = order.opens === "by-tap" ? order.minutes : passMinutes;
  return minutes === undefined ? null : new Date(now.getTime() + minutes * 60_000);
}
