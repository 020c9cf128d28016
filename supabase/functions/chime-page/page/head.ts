/** What the head of every document has in common. */
import { html, raw } from "hono/html";
import { type Brand, brandStyle, NO_BRAND } from "./brand.ts";
import type { Markup } from "./markup.ts";

/**
 * The document's head. The policy stands first, so that it holds for everything after it even where
 * a host app shows the HTML without its headers.
 * @param cspMeta the Content-Security-Policy for `<meta>`: without `frame-ancestors`, `report-uri`
 *   and `sandbox`, which a browser ignores there
 * @param referrer `same-origin` where there is a form: by it the server knows its own (`request_origin.ts`)
 */
export function head(
  parts: {
    title: string;
    style: string;
    cspMeta: string;
    referrer: "no-referrer" | "same-origin";
    brand?: Brand;
    more?: Markup;
  },
): Markup {
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${parts.cspMeta}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="referrer" content="${parts.referrer}">
<meta name="color-scheme" content="dark light">
<meta name="theme-color" content="#f3f7f6" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#0d1518">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title>${parts.title}</title>
${parts.more ?? ""}<style>${raw(parts.style)}</style>${brandStyle(parts.brand ?? NO_BRAND)}
</head>`;
}
