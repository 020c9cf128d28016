/** @jsxImportSource hono/jsx */
/** What opens over or beside the call: the chat, the sheets of further controls, the question after it. */
import type { PropsWithChildren } from "hono/jsx";
import { type Language, LANGUAGE_NAMES } from "../contract/languages.ts";
import type { PageTexts } from "../i18n/texts.ts";
import { Icon, IconButton, type IconName, IconSheet } from "./icons.tsx";

/** The chat: beside the stage on wide screens, over it on phones. Nobody is kept from the controls. */
export function ChatPanel({ texts }: { texts: PageTexts }) {
  const label = "chat-title";
  return (
    <section class="chat" id="chat" aria-labelledby={label} hidden>
      <header class="panel-head">
        <h2 id={label}>{texts.chat}</h2>
        <IconButton class="plain" id="chat-close" icon="close" aria-label={texts.closeChat} />
      </header>
      <div class="chat-scroll" id="chat-scroll" tabindex={0} role="log" aria-labelledby={label}>
        <p class="chat-empty" id="chat-empty">{texts.chatEmpty}</p>
        <ol id="chat-list"></ol>
      </div>
      <form class="chat-form" id="chat-form">
        <textarea
          id="chat-text"
          rows={1}
          aria-label={texts.message}
          placeholder={texts.message}
          aria-describedby="chat-limit"
          enterkeyhint="send"
        />
        <IconButton type="submit" class="plain send" icon="send" aria-label={texts.send} />
      </form>
      <p class="chat-limit" id="chat-limit" role="status" hidden>{texts.tooLong}</p>
    </section>
  );
}

/** The call's icons, further controls, and the question before a provider leaves. */
export function Sheets({ texts, language }: { texts: PageTexts; language: Language }) {
  return (
    <>
      <IconSheet of="call" />
      <Sheet id="more-sheet" title={texts.more}>
        <div class="rows">
          <div id="call-rows" hidden>
            <IconButton class="row" id="flip" icon="flip" text={texts.flipCamera} hidden />
            <Toggle id="share" icon="screen" text={texts.shareScreen} />
            <Toggle id="route" icon="sound" text={texts.soundOutput} />
            <Toggle id="large" icon="large" text={texts.oneLarge} />
            <Toggle id="saver" icon="saver" text={texts.dataSaver} />
          </div>
          <Toggle id="light" icon="light" text={texts.lightColours} />
          <LanguageRow label={texts.language} chosen={language} />
        </div>
        <button type="button" class="button quiet" data-close="">{texts.close}</button>
      </Sheet>
      <Sheet id="leave-sheet" title={texts.leaveTitle}>
        <button type="button" class="button" id="leave-only">{texts.leave}</button>
        <button type="button" class="button stop" id="leave-all">{texts.endForAll}</button>
        <button type="button" class="button quiet" data-close="">{texts.stay}</button>
        <p id="leave-trouble" role="alert" hidden>{texts.endFailed}</p>
      </Sheet>
    </>
  );
}

/** A sheet over everything; what is behind it can't be reached until it closes. */
function Sheet({ id, title, children }: PropsWithChildren<{ id: string; title: string }>) {
  const label = `${id}-title`;
  return (
    <div class="cover" id={id} hidden>
      <section class="panel" role="dialog" aria-modal="true" aria-labelledby={label} tabindex={-1}>
        <h2 id={label}>{title}</h2>
        {children}
      </section>
    </div>
  );
}

/** A control that says its state by `aria-pressed`. */
function Toggle(props: { id: string; icon: IconName; text: string }) {
  return (
    <IconButton {...props} class="row" aria-pressed="false" hidden>
      <span class="switch" aria-hidden="true"></span>
    </IconButton>
  );
}

/** The choice of the page's language, each in its own words. */
function LanguageRow({ label, chosen }: { label: string; chosen: Language }) {
  return (
    <label class="row">
      <Icon name="language" />
      <span>{label}</span>
      <select id="language">
        {Object.entries(LANGUAGE_NAMES).map(([code, name]) => (
          <option key={code} value={code} lang={code} selected={code === chosen}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** After the call: how it was, in one tap; only a bad answer asks on. */
export function Rating({ texts }: { texts: PageTexts }) {
  return (
    <>
      <div id="rating" role="group" aria-labelledby="rating-title" hidden>
        <p id="rating-title">{texts.howWas}</p>
        <div class="pair">
          <IconButton class="chip" id="good" icon="good" text={texts.good} />
          <IconButton class="chip" id="bad" icon="bad" text={texts.bad} />
        </div>
      </div>
      <div id="issues" role="group" aria-labelledby="issues-title" hidden>
        <p id="issues-title" tabindex={-1}>{texts.whatWasWrong}</p>
        <div class="pair">
          <Issue code="not-heard" text={texts.notHeard} />
          <Issue code="no-sound" text={texts.noSound} />
          <Issue code="bad-picture" text={texts.badPicture} />
          <Issue code="broke-off" text={texts.brokeOff} />
          <Issue code="other" text={texts.somethingElse} />
        </div>
        <button type="button" class="button quiet" id="issues-done">{texts.done}</button>
      </div>
      <p id="thanks" role="status"></p>
    </>
  );
}

function Issue({ code, text }: { code: string; text: string }) {
  return <button type="button" class="chip" data-issue={code} aria-pressed="false">{text}</button>;
}
