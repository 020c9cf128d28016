import { direction, spoken } from "../contract/languages.ts";
import type { LanguagePack } from "../contract/page_data.ts";
import type { AppContext } from "../http/dependencies.ts";
import { refuse } from "../http/error_edge.ts";
import { clientTexts, pageTexts } from "../i18n/languages.ts";

/** One day. Texts from an earlier release do no harm. */
const CACHE = "public, max-age=86400";

/**
 * `GET /chime-page/texts/:language`: all texts of the page in one language, for switching the language
 * of an open page. Needs no credentials.
 */
export function languageTexts(c: AppContext): Response {
  const language = spoken(c.req.param("language")) ??
    refuse({ name: "bad-request", reason: "unknown-language" });
  const pack: LanguagePack = {
    language,
    direction: direction(language),
    texts: { ...pageTexts(language), ...clientTexts(language) },
  };
  return c.json(pack, 200, { "Cache-Control": CACHE, "Content-Language": language });
}
