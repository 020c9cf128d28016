import type { AppContext } from "../http/dependencies.ts";
import { refuse } from "../http/error_edge.ts";
import { bundleNamed } from "../page/bundles.ts";

/**
 * `GET /chime-page/files/:name`: a bundle of the client in one language.
 *
 * The name contains a hash of the content, so browsers may cache the file forever. During a release, a
 * document may request a file of the other version; that 404 is not cached, because the document
 * tries again.
 */
export function clientFile(c: AppContext): Response {
  const file = bundleNamed(c.req.param("name") ?? "") ??
    refuse({ name: "visit-not-found", reason: "no-file" });
  return c.body(file.text, 200, {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=31536000, immutable",
  });
}
