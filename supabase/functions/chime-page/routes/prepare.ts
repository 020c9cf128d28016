import type { Settings } from "../config/settings.ts";
import { belowFloor } from "../contract/browser_floor.ts";
import type { AppContext } from "../http/dependencies.ts";
import { refuse } from "../http/error_edge.ts";
import { languageOf } from "../http/language.ts";
import {
  documentHeaders,
  type DocumentSources,
  metaContentSecurityPolicy,
} from "../http/security_headers.ts";
import { bundleScripts } from "../page/bundles.ts";
import { preparePageHashes, renderPreparePage } from "../page/prepare_page.tsx";

/**
 * An app may open the page whenever it shows its appointments: within an hour, not even the page is
 * requested again. Not longer, because it names the files of one release.
 */
const CACHE = "private, max-age=3600";

/**
 * `GET /chime-page/prepare`: a page without content that loads the SDK file and both bundles into the
 * browser's cache, in the language of `?lang=` or `Accept-Language`. Needs no credentials, sets no
 * cookie, and loads nothing for a browser that saves data.
 */
export function preparePage(c: AppContext, settings: Settings): Response {
  if (belowFloor(c.req.header("user-agent") ?? "")) refuse({ name: "browser-too-old" });
  const language = languageOf(c);
  const saveData = c.req.header("save-data")?.toLowerCase() === "on";
  const { url, integrity } = settings.sdk;
  const bundles = bundleScripts(settings.publicUrl, language)
    .map(({ url, integrity }) => ({ url, integrity }));
  const sources: DocumentSources = {
    scripts: [preparePageHashes().script],
    styles: [],
    call: null,
    prepares: language,
  };
  const body = renderPreparePage({
    language,
    cspMeta: metaContentSecurityPolicy(settings, sources),
    data: {
      files: [{ url, integrity }, ...bundles],
      saveData,
      hostOrigins: settings.frameAncestors,
    },
  });
  return c.body(body, 200, {
    ...documentHeaders(settings, sources),
    "Cache-Control": CACHE,
    "Content-Language": language,
    "Vary": "Accept, Accept-Language, Save-Data",
  });
}
