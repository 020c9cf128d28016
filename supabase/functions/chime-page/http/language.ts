import { getCookie, setCookie } from "hono/cookie";
import { isUuid } from "../../_shared/uuid.ts";
import { senderOf } from "../auth/request_origin.ts";
import type { Settings } from "../config/settings.ts";
import { type Language, spoken } from "../contract/languages.ts";
import { chooseLanguage } from "../i18n/languages.ts";
import { type AppContext, appointmentIdOf } from "./dependencies.ts";

/** Keeps the language chosen on a page of the visit, so that a reload has it too. */
const LANGUAGE_COOKIE = "chime-page-language";

/**
 * Middleware for the language menu of pages without a client, a form that posts `lang`. Like the
 * client's menu, it sets a cookie for this visit until the browser is closed, because the next visit
 * on this phone may be someone else's.
 * @param settings undefined if the settings are invalid; then there is no cookie
 */
export function chosenLanguage(settings?: Pick<Settings, "publicUrl" | "frameAncestors">) {
  return async (c: AppContext, next: () => Promise<void>) => {
    const type = c.req.header("content-type") ?? "";
    const form = c.req.method === "POST" && /^application\/x-www-form-urlencoded\b/i.test(type);
    // The body is cached for the handler.
    const chosen = form ? spoken(new URLSearchParams(await c.req.text()).get("lang")) : undefined;
    if (chosen) c.set("language", chosen);
    await next();
    // A malformed id has no page to remember it for, and must not get into a header.
    const visit = isUuid(appointmentIdOf(c));
    if (chosen && visit && settings && senderOf(c.req.raw, settings) === "own") {
      setCookie(c, LANGUAGE_COOKIE, chosen, {
        path: visitPath(c, settings),
        secure: true,
        sameSite: "None",
        partitioned: true,
      });
    }
  };
}

/** The path of a visit as browsers see it, to which its cookies are limited. */
export function visitPath(c: AppContext, { publicUrl }: Pick<Settings, "publicUrl">): string {
  return `${new URL(publicUrl).pathname.replace(/\/+$/, "")}/${appointmentIdOf(c)}`;
}

/** The language that the person chose with this request: in a form, or by `?lang=`. */
export function requestedLanguage(c: AppContext): Language | undefined {
  return c.get("language") ?? spoken(c.req.query("lang"));
}

/**
 * The language of a response, by the first of these that is supported: the language menu's form,
 * `?lang=`, the language chosen on the page, the participant's locale, `Accept-Language`, English.
 */
export function languageOf(c: AppContext, locale?: string | null): Language {
  return chooseLanguage({
    query: requestedLanguage(c),
    chosen: getCookie(c, LANGUAGE_COOKIE),
    locale,
    acceptLanguage: c.req.header("accept-language"),
  });
}

/**
 * The locale for times: the participant's, or else the browser's first one in the language of the
 * response. Null if there is none.
 */
export function timeLocaleOf(
  c: AppContext,
  language: Language,
  locale: string | null | undefined,
): string | null {
  const accepted = (c.req.header("accept-language") ?? "").slice(0, 500).split(",");
  const tags = [locale ?? "", ...accepted.map((entry) => entry.split(";")[0]?.trim() ?? "")];
  return tags.find((tag) => spoken(tag) === language) ?? null;
}
