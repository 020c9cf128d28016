import { hashSecret } from "../../_shared/secrets.ts";
import { bearerOf, hashLink, verifyToken } from "../auth/credentials.ts";
import { type AppContext, appointmentIdOf, type Dependencies } from "../http/dependencies.ts";
import { refuse, unwrap } from "../http/error_edge.ts";
import { type LinkRequest, readLinkRequest } from "../http/validation.ts";

/**
 * `POST /chime-page/:appointmentId/passes`: creates a single-use link for the person in the token.
 * Sessions are not accepted, so a page that was opened by a link cannot create further links.
 * Returns 201 `{url, expiresAt}`.
 *
 * Problems: `bad-request`, `unauthenticated`, `busy`, `visit-not-found`, `rate-limited`,
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
  const linkRequest = unwrap(await readLinkRequest(c));
  const now = dependencies.now();
  const latestExpiry = latestExpiryOf(linkRequest, now, settings.passMinutes);
  if (latestExpiry && latestExpiry <= now) refuse({ name: "bad-request", reason: "ends-in-past" });

  const secret = dependencies.newSecret();
  const { opens } = linkRequest;
  const expiresAt = unwrap(
    await visits.createPass({
      appointmentId,
      subject,
      hash: opens === "by-tap" ? hashLink(secret) : hashSecret(secret),
      opens,
      expiresAt: latestExpiry,
      closesAfterMinutes: settings.closesAfterMinutes,
      now,
    }),
  );
  c.get("notes").appointmentId = appointmentId;
  const query = opens === "by-tap" ? "link" : "pass";
  const url = `${settings.publicUrl}/${appointmentId}?${query}=${secret}`;
  return c.json({ url, expiresAt: expiresAt.toISOString() }, 201);
}

/** When a link expires at the latest; null if only the end of the visit limits it. */
function latestExpiryOf(request: LinkRequest, now: Date, passMinutes: number): Date | null {
  if (request.expiresAt) return request.expiresAt;
  const minutes = request.opens === "by-tap" ? request.minutes : passMinutes;
  return minutes === undefined ? null : new Date(now.getTime() + minutes * 60_000);
}
