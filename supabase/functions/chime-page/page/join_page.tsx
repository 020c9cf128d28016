/** @jsxImportSource hono/jsx */
/**
 * The page between a link and a visit. Mail scanners and messengers open every link, and other sites
 * can link to a visit. A GET therefore shows this page, and only a tap, which sends a POST, joins.
 */
import type { Language } from "../contract/languages.ts";
import { pageTexts } from "../i18n/languages.ts";
import { CardHeader } from "./card_header.tsx";
import { CARD_STYLE, CARD_STYLE_HASH } from "./client.generated.ts";
import { Document, type DocumentModel } from "./document.tsx";
import { IconFace } from "./icons.tsx";
import { LanguageMenu, type SameRequest } from "./language_menu.tsx";

/** Input of the page. */
export interface JoinPageModel extends DocumentModel {
  readonly language: Language;
  /** Absolute URL of the visit, with the link in its query. The policy must allow it in `form-action`. */
  readonly action: string;
  /** Whether to say that the link works only once. */
  readonly once: boolean;
  /** Shows the page in another language. Default: there is no language menu. */
  readonly again?: SameRequest | undefined;
}

/** CSP source (`sha256-…`, without quotes) of the join page's inline style. It has no script. */
export function joinPageHashes(): { readonly style: string } {
  return { style: CARD_STYLE_HASH };
}

/** Renders "Join the visit" with its button. Names nobody, because nothing has been verified yet. */
export function renderJoinPage(model: JoinPageModel): { readonly html: string } {
  const { language, again } = model;
  const texts = pageTexts(language);
  const page = (
    <Document {...model} referrer="same-origin" style={CARD_STYLE}>
      <CardHeader {...model.brand}>
        {again && <LanguageMenu language={language} again={again} />}
      </CardHeader>
      <main class="card calm">
        <IconFace name="camera" />
        <h1>{texts.joinTitle}</h1>
        {model.once && <p>{texts.joinDetail}</p>}
        {/* Before the link is used up. */}
        <noscript>
          <section class="next">
            <h2>{texts.whatToDo}</h2>
            <p>{texts.noScript}</p>
          </section>
        </noscript>
        <form method="post" action={model.action}>
          <button class="button" type="submit">{texts.joinButton}</button>
        </form>
      </main>
    </Document>
  );
  return { html: String(page) };
}
