import { problemResponse } from "../http/problem_response.ts";
import { callFileNamed } from "../page/in_call_bundle.ts";
import type { AppContext, Parts } from "../http/dependencies.ts";

/**
 * `GET /chime-page/files/:name`: what a call needs of the client beside its document. Public: it is
 * the same for everybody of a language. The name changes with the bytes, so browsers keep the file for good and
 * spend nothing on it at the next visit. A document of another release asks for a file that is not
 * here and is answered so, uncached: it asks again by itself while a release goes out.
 */
export function clientFile(c: AppContext, parts: Pick<Parts, "settings">): Response {
  const file = callFileNamed(c.req.param("name") ?? "");
  if (file === undefined) {
    return problemResponse(c, parts.settings, { name: "visit-not-found", reason: "no-file" });
  }
  return c.body(file.text, 200, {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=31536000, immutable",
  });
}
