/** @jsxImportSource hono/jsx */
/** What documents have in common. One order of attributes everywhere (type, class, id) saves bytes. */
import { html, raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import { direction, type Language } from "../contract/languages.ts";
import type { Brand } from "./brand.ts";
import { keyedTexts } from "./keyed_texts.ts";

/** What every page is told. */
export interface DocumentModel {
  readonly brand?: Brand;
  /** For `<meta>`, where browsers ignore `frame-ancestors`, `report-uri` and `sandbox`. */
  readonly cspMeta: string;
}

/** What a page says of its document. */
export interface DocumentProps extends PropsWithChildren<DocumentModel> {
  readonly language: Language;
  /** `same-origin` where there is a form: by it the server knows its own (`request_origin.ts`). */
  readonly referrer: "no-referrer" | "same-origin";
  readonly style: string;
  readonly preconnect?: string;
  readonly phase?: string;
}

/** The policy comes first and holds for what follows, even where a host app drops the headers. */
export function Document({ language, brand, children, ...props }: DocumentProps) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={language} dir={direction(language)}>
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content={props.cspMeta} />
          <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
          <meta name="referrer" content={props.referrer} />
          <meta name="color-scheme" content="dark light" />
          <meta name="theme-color" content="#f3f7f6" media="(prefers-color-scheme: light)" />
          <meta name="theme-color" content="#0d1518" />
          <meta name="format-detection" content="telephone=no, date=no, address=no" />
          <title {...keyedTexts(language).content("documentTitle")} />
          {props.preconnect && preconnect(props.preconnect)}
          <style>{raw(props.style)}</style>
          {brand?.style && <style>{raw(brand.style.css)}</style>}
        </head>
        <body data-phase={props.phase}>{children}</body>
      </html>
    </>
  );
}

/** Not JSX: hono would move the element to the end of the head, after the styles. */
const preconnect = (origin: string) => html`<link rel="preconnect" href="${origin}" crossorigin>`;

/** The clinic's logo and name above a card. The logo says nothing that the name does not. */
export function BrandName({ name, logo }: Partial<Brand>) {
  if (!name && !logo) return null;
  return (
    <p class="brand">
      {logo && <img src={logo} alt="" />}
      {name && <bdi>{name}</bdi>}
    </p>
  );
}
