/** @jsxImportSource hono/jsx */
/** Panels over or next to the call: chat, further controls, and the rating. */
import type { PropsWithChildren } from "hono/jsx";
import { type Language, LANGUAGE_NAMES } from "../contract/languages.ts";
import { Icon, IconButton, type IconName, IconSheet } from "./icons.tsx";
import type { KeyedTexts } from "./keyed_texts.ts";

type Content = ReturnType<KeyedTexts["content"]>;

/** The chat: beside the stage on wide screens, below it on phones. Never covers the controls. */
export function ChatPanel({ texts }: { texts: KeyedTexts }) {
  const label = "chat-title";
  return (
    <section class="chat" id="chat" aria-labelledby={label} hidden>
      <header class="panel-head">
        <h2 id={label} {...texts.content("chat")} />
        <IconButton class="plain" id="chat-close" icon="close" {...texts.label("closeChat")} />
      </header>
      <div class="chat-scroll" id="chat-scroll" tabindex={0} role="log" aria-labelledby={label}>
        <p class="chat-empty" id="chat-empty" {...texts.content("chatEmpty")} />
        <ol id="chat-list"></ol>
      </div>
      <IconButton
        class="button jump"
        id="chat-new"
        icon="send"
        text={texts.content("newMessages")}
        hidden
      />
      <form class="chat-form" id="chat-form">
        <textarea
          id="chat-text"
          rows={1}
          {...texts.label("message")}
          placeholder={texts.content("message").children}
          aria-describedby="chat-limit"
          enterkeyhint="send"
        />
        <IconButton type="submit" class="plain send" icon="send" {...texts.label("send")} />
      </form>
      <p class="chat-limit" id="chat-limit" role="status" hidden {...texts.content("tooLong")} />
    </section>
  );
}

/** A new message while the chat is closed; a tap opens the chat. */
export function ChatToast() {
  return (
    <button type="button" class="toast" id="toast" hidden>
      <Icon name="chat" />
      <span>
        <bdi id="toast-from"></bdi>
        <span id="toast-text" dir="auto"></span>
      </span>
    </button>
  );
}

/** Language and theme at any time, and a place for the rows of a call. */
export function MoreSheet({ texts, language }: { texts: KeyedTexts; language: Language }) {
  return (
    <>
      <IconSheet of="lobby" />
      <Sheet id="more-sheet" title={texts.content("more")}>
        <div class="rows" id="rows">
          <Menu id="theme" icon="light" label={texts.content("theme")}>
            <option value="system" {...texts.content("themeSystem")} />
            <option value="light" {...texts.content("themeLight")} />
            <option value="dark" {...texts.content("themeDark")} />
          </Menu>
          <LanguageMenu label={texts.content("language")} chosen={language} />
        </div>
        <p class="keys">
          <small {...texts.content("shortcuts")} />
        </p>
        <button type="button" class="button quiet" data-close="" {...texts.content("close")} />
      </Sheet>
    </>
  );
}

/** Rows of the More sheet during a call. */
export function CallRows({ texts }: { texts: KeyedTexts }) {
  return (
    <div id="call-rows" hidden>
      <IconButton class="row" id="flip" icon="flip" text={texts.content("flipCamera")} hidden />
      <Menu id="call-mics" icon="mic" label={texts.content("whichMicrophone")} hidden />
      <Menu id="call-cameras" icon="camera" label={texts.content("whichCamera")} hidden />
      <Menu id="speakers" icon="sound" label={texts.content("whichSpeaker")} hidden />
      <Toggle id="share" icon="screen" text={texts.content("shareScreen")} />
      <Toggle id="route" icon="sound" text={texts.content("soundOutput")} />
      <Toggle id="large" icon="large" text={texts.content("oneLarge")} />
      <Toggle id="saver" icon="saver" text={texts.content("dataSaver")} />
    </div>
  );
}

/** The icons of a call, and the question before a provider leaves. */
export function LeaveSheet({ texts }: { texts: KeyedTexts }) {
  return (
    <>
      <IconSheet of="call" />
      <Sheet id="leave-sheet" title={texts.content("leaveTitle")}>
        <p id="leave-trouble" role="alert" hidden {...texts.content("endFailed")} />
        <button type="button" class="button stop" id="leave-all" {...texts.content("endForAll")} />
        <button
          type="button"
          class="button quiet"
          id="leave-only"
          {...texts.content("leaveOpen")}
        />
        <button type="button" class="button quiet" data-close="" {...texts.content("stay")} />
      </Sheet>
    </>
  );
}

/** A sheet over the page. */
function Sheet({ id, title, children }: PropsWithChildren<{ id: string; title: Content }>) {
  const label = `${id}-title`;
  return (
    <div class="cover" id={id} hidden>
      <section class="panel" role="dialog" aria-modal="true" aria-labelledby={label} tabindex={-1}>
        <h2 id={label} {...title} />
        {children}
      </section>
    </div>
  );
}

/** A switch. */
function Toggle(props: { id: string; icon: IconName; text: Content }) {
  return (
    <IconButton {...props} class="row" aria-pressed="false" hidden>
      <span class="switch" aria-hidden="true"></span>
    </IconButton>
  );
}

/** A row with a menu. */
function Menu(
  { id, icon, label, hidden, children }: PropsWithChildren<
    { id: string; icon: IconName; label: Content; hidden?: boolean }
  >,
) {
  return (
    <label class="row" hidden={hidden}>
      <Icon name={icon} />
      <span {...label} />
      <select id={id}>{children}</select>
    </label>
  );
}

/** The language menu, with each language's own name. */
function LanguageMenu({ label, chosen }: { label: Content; chosen: Language }) {
  return (
    <Menu id="language" icon="language" label={label}>
      {Object.entries(LANGUAGE_NAMES).map(([code, name]) => (
        <option key={code} value={code} lang={code} selected={code === chosen}>{name}</option>
      ))}
    </Menu>
  );
}

/** The rating after the call. Only a bad rating asks what went wrong. */
export function Rating({ texts }: { texts: KeyedTexts }) {
  return (
    <>
      <div id="rating" role="group" aria-labelledby="rating-title" hidden>
        <p id="rating-title" {...texts.content("howWas")} />
        <div class="pair">
          <IconButton class="chip" id="good" icon="good" text={texts.content("good")} />
          <IconButton class="chip" id="bad" icon="bad" text={texts.content("bad")} />
        </div>
      </div>
      <div id="issues" role="group" aria-labelledby="issues-title" hidden>
        <p id="issues-title" tabindex={-1} {...texts.content("whatWasWrong")} />
        <div class="pair">
          <Issue code="not-heard" text={texts.content("notHeard")} />
          <Issue code="no-sound" text={texts.content("noSound")} />
          <Issue code="bad-picture" text={texts.content("badPicture")} />
          <Issue code="broke-off" text={texts.content("brokeOff")} />
          <Issue code="other" text={texts.content("somethingElse")} />
        </div>
        <button type="button" class="button quiet" id="issues-done" {...texts.content("done")} />
      </div>
      <p id="thanks" role="status"></p>
    </>
  );
}

function Issue({ code, text }: { code: string; text: Content }) {
  return <button type="button" class="chip" data-issue={code} aria-pressed="false" {...text} />;
}
