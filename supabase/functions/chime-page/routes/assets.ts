import type { AppContext } from "../http/dependencies.ts";
import { refuse } from "../http/error_edge.ts";
import { callFileNamed } from "../page/in_call_bundle.ts";

/**
 * `GET /chime-page/files/:name`: what a call needs of the client beside its document, the same for
 * everybody who reads its language. The name changes with the bytes, so browsers keep the file for
 * good. A document of another release asks for a file that is not here; that answer is not kept,
 * because the document asks again while a release goes out.
 */
export function clientFile(c: AppContext): Response {
  const file = callFileNamed(c.req.param("name") ?? "") ??
    refuse({ name: "visit-not-found", reason: "no-file" });
  return c.body(file.text, 200, {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=31536000, immutable",
  });
}
