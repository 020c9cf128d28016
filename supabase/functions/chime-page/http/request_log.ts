import { routePath } from "hono/route";
import { withHops } from "../../_shared/round_trips.ts";
import { commonHeaders } from "./security_headers.ts";
import type { AppContext, Parts, RequestNotes } from "./dependencies.ts";

/** RFC 9110, section 9, and PATCH. Any other is a stranger's word, which has no place in a log. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/** Gives every request its id, its headers and its one log line. */
export function observe(parts: Pick<Parts, "newRequestId" | "now" | "log">) {
  return async (c: AppContext, next: () => Promise<void>) => {
    const began = parts.now().getTime();
    const notes: RequestNotes = { requestId: parts.newRequestId() };
    c.set("notes", notes);
    await withHops(async (hops) => {
      await next();
      for (const [name, value] of Object.entries(commonHeaders(notes.requestId))) {
        if (!c.res.headers.has(name)) c.res.headers.set(name, value);
      }
      // Somebody who runs this must set a row right: it is to be found among the errors.
      const level = notes.columns ? "error" : "info";
      parts.log[level]("request", {
        ...notes,
        method: METHODS.includes(c.req.method) ? c.req.method : "other",
        route: routePath(c),
        status: c.res.status,
        ms: parts.now().getTime() - began,
        calls: hops.calls,
        hops: hops.hops,
      });
    });
  };
}
