import { getCookie } from "hono/cookie";
import { type Language, spoken } from "../contract/languages.ts";
import { chooseLanguage } from "../i18n/languages.ts";
import type { AppContext } from "./dependencies.ts";

/** The client stores the language chosen on the page in this cookie, so that a reload keeps it. */
const LANGUAGE_COOKIE = "chime-page-language";

/**
 * The language of a response, by the first of these that is supported: `?lang=`, the language chosen
 * on the page, the participant's locale, `Accept-Language`, English.
 */
export function languageOf(c: AppContext, locale?: string | null): Language {
  return chooseLanguage({
    query: c.req.query("lang"),
    chosen: getCookie(c, LANGUAGE_COOKIE),
    locale,
    acceptLanguage: c.req.header("accept-language"),
  });
}

/**
 * A URL with the `?lang=` of this request, if it is supported, so that the language outlives a form
 * or a reload, also where the browser refuses cookies.
 */
export function withLanguage(c: AppContext, url: string): string {
  const language = spoken(c.req.query("lang"));
  if (language === undefined) return url;
  const target = new URL(url);
  target.searchParams.set("lang", language);
  return target.href;
}
