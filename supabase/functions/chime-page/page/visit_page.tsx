/** @jsxImportSource hono/jsx */
/** The page of a visit. It is complete without scripts; the client adds the call. */
import { raw } from "hono/html";
import { counterpart, counterpartTitle } from "../contract/counterpart.ts";
import { initials } from "../contract/initials.ts";
import type { VisitPageData } from "../contract/page_data.ts";
import { dateLocale, knownZone, visitTime } from "../contract/times.ts";
import { pageTexts } from "../i18n/languages.ts";
import * as client from "./client.generated.ts";
import { BrandName, Document, type DocumentModel } from "./document.tsx";
import { Control, IconButton, IconSheet } from "./icons.tsx";
import { keyedTexts } from "./keyed_texts.ts";
import { bundleScripts } from "./bundles.ts";
import { jsonForScript } from "./json_for_script.ts";
import { Lobby } from "./lobby.tsx";
import { Sentence } from "./sentence.tsx";

/** Input of the page. */
export interface VisitPageModel extends DocumentModel {
  readonly data: VisitPageData;
  /** IANA time zone of the person. Null shows UTC, until the client shows the device's own zone. */
  readonly timeZone: string | null;
  /** BCP 47 locale of the person, for dates. Null uses the language's default. */
  readonly locale: string | null;
}

/**
 * CSP sources (`sha256-…`, without quotes) of the inline scripts and of the styles, including those in
 * the bundles.
 */
export function pageHashes(): Readonly<Record<"scripts" | "styles", readonly string[]>> {
  return {
    scripts: [client.EARLY_SCRIPT_HASH, client.CLIENT_SCRIPT_HASH, client.FALLBACK_SCRIPT_HASH],
    styles: [client.VISIT_STYLE_HASH, client.LOBBY_STYLE_HASH, client.CALL_STYLE_HASH],
  };
}

/**
 * Renders the visit page. It works without headers, because it contains language, policy and data.
 * The files of the call are in the head, so that they are requested before the rest of the document has
 * arrived. They are not preloaded: with integrity, old versions of Chromium would fetch them twice.
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
      files={[...bundleScripts(publicUrl, language), { id: "chime-sdk", ...sdk }]}
    >
      <IconSheet of="document" />
      <div class="app resting" id="app">
        <header class="bar">
          <p class="heading" id="heading">
            {other
              ? <bdi>{counterpartTitle(data.people, data.self.id)}</bdi>
              : <span {...texts.content("visit")} />}
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
    </Document>
  );
  return { html: String(page) };
}

/** The card in the middle: who, when, and what comes next. The client updates it. */
function Card({ data, ...model }: VisitPageModel) {
  const { startsAt, endsAt, language, lobby } = data;
  const texts = keyedTexts(language);
  const other = counterpart(data.people, data.self.id);
  const time = visitTime(startsAt, endsAt, language, model.timeZone, model.locale);
  const zone = knownZone(model.timeZone) ?? "";
  const next = data.state === "waiting" && other ? data.texts.nextWaiting : data.texts.nextOpen;
  const others = data.people.filter(({ id }) => id !== data.self.id && id !== other?.id);
  return (
    <section class="card" id="card">
      <BrandName {...model.brand} />
      <p class="face" aria-hidden="true">{other && initials(other.name)}</p>
      <h1 id="card-title">
        <Sentence
          text={other ? data.texts.visitWith : data.texts.visit}
          about={other && { name: counterpartTitle(data.people, data.self.id) }}
        />
      </h1>
      <p class="when">
        <time
          id="when"
          datetime={startsAt}
          data-zone={zone}
          data-locale={dateLocale(language, model.locale)}
        >
          {time.text}
        </time>
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
      {/* In the lobby, the client sets this text. */}
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
