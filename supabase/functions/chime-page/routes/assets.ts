import type { AppContext } from "../http/dependencies.ts";
import { refuse } from "../http/error_edge.ts";
import { callFileNamed } from "../page/in_call_bundle.ts";

/**
 * `GET /chime-page/files/:name`: the in-call bundle of a language.
 *
 * The name contains a hash of the content, so browsers may cache the file forever. During a release, a
 * document may request a file of the other version; that 404 is not cached, because the document
 * tries again.
 */
export function clientFile(c: AppContext): Response {
  const file = callFileNamed(c.req.param("name") ?? "") ??
    refuse({ name: "visit-not-found", reason: "no-file" });
  return c.body(file.text, 200, {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=31536000, immutable",
  });
}
