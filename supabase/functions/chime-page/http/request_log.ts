import { routePath } from "hono/route";
import { withRoundTrips } from "../../_shared/round_trips.ts";
import { commonHeaders } from "./security_headers.ts";
import type { AppContext, Dependencies, RequestNotes } from "./dependencies.ts";

/** Methods that are logged by name (RFC 9110, section 9, and PATCH). Others may be arbitrary text. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/** Middleware that adds a request id and the common headers, and writes one log line per request. */
export function requestLog(dependencies: Pick<Dependencies, "newRequestId" | "now" | "log">) {
  const { log, now, newRequestId } = dependencies;
  return async (c: AppContext, next: () => Promise<void>) => {
    const began = now().getTime();
    const notes: RequestNotes = { requestId: newRequestId() };
    c.set("notes", notes);
    await withRoundTrips(async (cost) => {
      await next();
      for (const [name, value] of Object.entries(commonHeaders(notes.requestId))) {
        if (!c.res.headers.has(name)) c.res.headers.set(name, value);
      }
      // Invalid database rows are errors, because an operator must correct them.
      log[notes.columns ? "error" : "info"]("request", {
        ...notes,
        method: METHODS.includes(c.req.method) ? c.req.method : "other",
        // Without parameter patterns, such as `/chime-page/:id/join`.
        route: routePath(c).replace(/\{.*\}/, ""),
        status: c.res.status,
        ms: now().getTime() - began,
        calls: cost.calls,
        roundTrips: cost.roundTrips,
      });
    });
  };
}
