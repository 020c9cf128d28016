/** @jsxImportSource hono/jsx */
/** The page of a visit: complete before any script runs, then the client brings the call into it. */
import { html, raw } from "hono/html";
import { counterpart } from "../contract/counterpart.ts";
import { initials } from "../contract/initials.ts";
import type { Person, VisitPageData } from "../contract/page_data.ts";
import { visitTime } from "../contract/times.ts";
import { pageTexts } from "../i18n/languages.ts";
import * as client from "./client.generated.ts";
import { BrandName, Document, type DocumentModel } from "./document.tsx";
import { Control, IconButton, IconSheet } from "./icons.tsx";
import { keyedTexts } from "./keyed_texts.ts";
import { callFile, callFileUrl } from "./in_call_bundle.ts";
import { Lobby } from "./lobby.tsx";

/** Everything the page says and does. */
export interface VisitPageModel extends DocumentModel {
  readonly data: VisitPageData;
  /** IANA name of the reader's time zone; null: UTC is shown, and the device's own once scripts run. */
  readonly timeZone: string | null;
  /** The reader's BCP 47 locale, for dates; null: the usual one of the language. */
  readonly locale: string | null;
}

/**
 * CSP sources (`sha256-…`, without quotes) of the page's inline scripts and of its styles: its own,
 * and the call's, which comes with the call's file.
 */
export function pageHashes(): Readonly<Record<"scripts" | "styles", readonly string[]>> {
  return {
    scripts: [client.CLIENT_SCRIPT_HASH, client.FALLBACK_SCRIPT_HASH],
    styles: [client.VISIT_STYLE_HASH, client.CALL_STYLE_HASH],
  };
}

/**
 * Renders the visit page. It needs no header to work: language, policy and data are in it.
 * The files of the call come after the client, whose listeners for load and error then stand already.
 * There is no preload: with integrity, old Chromium would fetch the file twice.
 */
export function renderVisitPage(model: VisitPageModel): { readonly html: string } {
  const { data } = model;
  const { api, language, sdk } = data;
  const texts = keyedTexts(language);
  const other = counterpart(data.people, data.self.id);
  const publicUrl = api.base.replace(/\/[^/]*$/, "");
  const waiting = data.state === "waiting";
  const page = (
    <Document
      {...model}
      language={language}
      referrer="no-referrer"
      style={client.VISIT_STYLE}
      preconnect={new URL(sdk.url).origin}
      phase={waiting ? "waiting" : data.lobby ? "lobby" : "loading"}
    >
      <IconSheet of="document" />
      <div class="app resting" id="app">
        <header class="bar">
          <p class="heading" id="heading">
            {other ? <bdi>{other.name}</bdi> : <span {...texts.content("visit")} />}
          </p>
          <p class="status" role="status">
            <span class="dot" aria-hidden="true"></span>
            <span id="status">
              <Sentence text={waiting ? data.texts.waiting : data.texts.loading} about={other} />
            </span>
          </p>
          <small class="used" id="used"></small>
        </header>
        <main class="main">
          <Card {...model} />
          <div class="notices" id="notices">
            <div class="notice" id="notice" role="alert" hidden>
              <p id="notice-text"></p>
              <IconButton class="plain" id="notice-close" icon="close" {...texts.label("close")} />
            </div>
          </div>
        </main>
        <nav class="controls" id="controls" {...texts.label("controls")}>
          <Control class="control danger" id="leave" icon="leave" text={texts.content("leave")} />
        </nav>
      </div>
      <p class="unseen" id="announce" aria-live="polite"></p>
      <audio id="audio" autoplay></audio>
      <script type="application/json" id="visit-data">{jsonForScript(data)}</script>
      <script>{raw(client.CLIENT_SCRIPT)}</script>
      <script>{raw(client.FALLBACK_SCRIPT)}</script>
      {callScript("call-part", callFileUrl(publicUrl, language), callFile(language).integrity)}
      {callScript("chime-sdk", sdk.url, sdk.integrity)}
    </Document>
  );
  return { html: String(page) };
}

/** The calm card in the middle: who, when, what next. The client changes its words as things happen. */
function Card({ data, ...model }: VisitPageModel) {
  const { startsAt, endsAt, language, lobby } = data;
  const texts = keyedTexts(language);
  const other = counterpart(data.people, data.self.id);
  const time = visitTime(startsAt, endsAt, language, model.timeZone, model.locale);
  const zone = model.timeZone ?? "";
  const next = data.state === "waiting" && other ? data.texts.nextWaiting : data.texts.nextOpen;
  const others = data.people.filter(({ id }) => id !== data.self.id && id !== other?.id);
  return (
    <section class="card" id="card">
      <BrandName {...model.brand} />
      <p class="face" aria-hidden="true">{other && initials(other.name)}</p>
      <h1 id="card-title">
        <Sentence text={other ? data.texts.visitWith : data.texts.visit} about={other} />
      </h1>
      <p class="when">
        <time id="when" datetime={startsAt} data-end={endsAt} data-zone={zone}>{time.text}</time>
        <small id="zone">{time.zone}</small>
      </p>
      {others.length > 0 && (
        <ul class="others">
          {others.map(({ id, name }) => (
            <li key={id}>
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      )}
      {/* In a lobby the client says it, by what the person has done so far. */}
      <p class="next" id="card-text">{!lobby && <Sentence text={next} about={other} />}</p>
      {lobby && <Lobby texts={texts} data={data} />}
      <noscript>
        <p class="next strong">{pageTexts(data.language).noScript}</p>
      </noscript>
      <div class="next strong" id="floor" role="alert" hidden>
        <p {...texts.content("unsupported")} />
        <p {...texts.content("unsupportedHelp")} />
      </div>
      <button type="button" class="button" id="action" hidden></button>
      <div class="after" id="after" hidden>
        <button type="button" class="button quiet" id="done" {...texts.content("closeVisit")} />
      </div>
    </section>
  );
}

/**
 * A sentence that may have a person's name in it. The name is isolated (`<bdi>`), so that one written
 * from right to left, or with direction marks inside, cannot turn the sentence around.
 */
function Sentence({ text, about }: { text: string; about: Person | undefined }) {
  const [before, after] = text.split("{name}");
  return (
    <>
      {before}
      {after !== undefined && <bdi>{about?.name}</bdi>}
      {after}
    </>
  );
}

/** Not JSX: hono would move an async script into the head, before the client. */
function callScript(id: string, url: string, integrity: string) {
  // deno-fmt-ignore -- no blanks around it
  return html`<script id="${id}" src="${url}" integrity="${integrity}" crossorigin="anonymous" async></script>`;
}

/**
 * JSON for a `<script type="application/json">` block. No `<` is left, so that neither `</script>`
 * nor `<!--` in a value can end or bend the block (HTML standard, 4.12.1.3), and no U+2028 or
 * U+2029 either.
 */
function jsonForScript(value: unknown) {
  return raw(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
}
