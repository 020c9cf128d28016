import { routePath } from "hono/route";
import { withRoundTrips } from "../../_shared/round_trips.ts";
import { commonHeaders } from "./security_headers.ts";
import type { AppContext, Dependencies, RequestNotes } from "./dependencies.ts";

/** RFC 9110, section 9, and PATCH. Any other is a stranger's text, which does not belong in a log. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/** Middleware that gives every request its id, its common headers and its one log line. */
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
      // Rows that an operator must correct are to be found among the errors.
      log[notes.columns ? "error" : "info"]("request", {
        ...notes,
        method: METHODS.includes(c.req.method) ? c.req.method : "other",
        // Without the patterns of its parameters: `/chime-page/:id/join`.
        route: routePath(c).replace(/\{.*\}/, ""),
        status: c.res.status,
        ms: now().getTime() - began,
        calls: cost.calls,
        roundTrips: cost.roundTrips,
      });
    });
  };
}
