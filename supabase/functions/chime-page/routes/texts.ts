import { problemResponse } from "../http/problem_response.ts";
import { direction, spoken } from "../contract/languages.ts";
import type { LanguagePack } from "../contract/page_data.ts";
import { clientTexts, pageTexts } from "../i18n/languages.ts";
import type { AppContext, Parts } from "../http/dependencies.ts";

/** A day: old words for a day do no harm, and phones ask once. */
const CACHE = "public, max-age=86400";

/**
 * `GET /chime-page/texts/:language`: every text of the page in one language, for pages that change
 * theirs while a call runs. Public: it needs no credential and says nothing about anybody.
 */
export function languageTexts(c: AppContext, parts: Pick<Parts, "settings">): Response {
  const language = spoken(c.req.param("language"));
  if (language === undefined) {
    return problemResponse(c, parts.settings, { name: "bad-request", reason: "unknown-language" });
  }
  const pack: LanguagePack = {
    language,
    direction: direction(language),
    texts: { ...pageTexts(language), ...clientTexts(language) },
  };
  return c.json(pack, 200, { "Cache-Control": CACHE, "Content-Language": language });
}
