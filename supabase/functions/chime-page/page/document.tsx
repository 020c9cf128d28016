/** @jsxImportSource hono/jsx */
/** The parts that all documents share. Using one order of attributes (type, class, id) saves bytes. */
import { html, raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import { direction, type Language } from "../contract/languages.ts";
import type { Brand } from "./brand.ts";
import { EARLY_SCRIPT } from "./client.generated.ts";
import { keyedTexts } from "./keyed_texts.ts";

/** Input of every page. */
export interface DocumentModel {
  readonly brand?: Brand;
  /** For `<meta>`, where browsers ignore `frame-ancestors`, `report-uri` and `sandbox`. */
  readonly cspMeta: string;
}

/** A script of its own, with the id of its element. */
export interface ScriptFile {
  readonly id: string;
  readonly url: string;
  readonly integrity: string;
}

/** Input of a document. */
export interface DocumentProps extends PropsWithChildren<DocumentModel> {
  readonly language: Language;
  /** `same-origin` if there is a form, which must send its origin (`auth/request_origin.ts`). */
  readonly referrer: "no-referrer" | "same-origin";
  readonly style: string;
  /** Of the call. */
  readonly files?: readonly ScriptFile[];
  /** Of a problem, for support. */
  readonly requestId?: string;
}

/** The policy comes first, so that it applies to everything after it even without the headers. */
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
          {props.requestId && <meta name="request-id" content={props.requestId} />}
          <title {...keyedTexts(language).content("documentTitle")} />
          {noIcon}
          {props.files && html`<script>${raw(EARLY_SCRIPT)}</script>`}
          {props.files?.map(scriptFile)}
          <style>{raw(props.style)}</style>
          {brand?.style && <style>{raw(brand.style.css)}</style>}
        </head>
        <body>{children}</body>
      </html>
    </>
  );
}

/** Without it, Firefox and WebKit request `/favicon.ico`, which the policy forbids. Not JSX: see below. */
const noIcon = html`<link rel="icon" href="data:,">`;

/** Not JSX, because Hono would move the element to the end of the head, after the styles. */
function scriptFile({ id, url, integrity }: ScriptFile) {
  // deno-fmt-ignore -- without whitespace around the element
  return html`<script id="${id}" src="${url}" integrity="${integrity}" crossorigin="anonymous" async></script>`;
}

/** The clinic's logo and name above a card. The logo is decorative. */
export function BrandName({ name, logo }: Partial<Brand>) {
  if (!name && !logo) return null;
  return (
    <p class="brand">
      {logo && <img src={logo} alt="" />}
      {name && <bdi>{name}</bdi>}
    </p>
  );
}
