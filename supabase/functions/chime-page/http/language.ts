import { getCookie } from "hono/cookie";
import type { Language } from "../contract/languages.ts";
import { chooseLanguage } from "../i18n/languages.ts";
import type { AppContext } from "./dependencies.ts";

/** The cookie in which a page keeps the language that the person chose on it, for a reload. */
const LANGUAGE_COOKIE = "chime-page-language";

/**
 * The language of an answer: `?lang=`, what the person chose on this visit's page, the participant's
 * locale, `Accept-Language`, English.
 */
export function languageOf(c: AppContext, locale?: string | null): Language {
  return chooseLanguage({
    query: c.req.query("lang"),
    chosen: getCookie(c, LANGUAGE_COOKIE),
    locale,
    acceptLanguage: c.req.header("accept-language"),
  });
}
