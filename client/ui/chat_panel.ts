/** The chat panel: list of messages, text field and count of unread messages. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import { type Chat, type ChatMessage, fits } from "../call/chat.ts";
import { element } from "./view.ts";

export interface ChatView {
  toggle(): void;
  /** Returns whether it was open. */
  close(): boolean;
  /** Shows changes of the chat; `fresh` is a new message from someone else. */
  update(fresh: ChatMessage | null): void;
}

export interface ChatViewDependencies {
  readonly texts: Texts;
  readonly chat: Chat;
  /** Called when the panel opens or closes and when the number of unread messages changes. */
  readonly shown: (open: boolean, unread: number) => void;
  /** Announces a text to screen readers. */
  readonly announce: (text: ClientTextKey, name: string) => void;
}

const STATE_TEXTS = { pending: "sending", sent: "sent", failed: "notSent" } as const;

/**
 * Shows the messages of a chat.
 * @returns a function that updates the list, and returns whether it became longer
 */
function createMessageList(
  page: Document,
  { texts: { say }, chat }: ChatViewDependencies,
): () => boolean {
  const list = element(page, "chat-list");
  const empty = element(page, "chat-empty");
  const items = new Map<ChatMessage, HTMLElement>();

  const append = (parent: Element, tag: "p" | "span" | "button", className: string) => {
    const created = page.createElement(tag);
    created.className = className;
    parent.appendChild(created);
    return created;
  };
  /** Appends what a person wrote, as plain text in its own direction. */
  const appendUserText = (parent: Element, className: string, text: string) => {
    const created = append(parent, "p", className);
    created.dir = "auto";
    created.textContent = text;
  };
  /** Shows a message and its state; returns whether the list became longer. */
  function show(message: ChatMessage): boolean {
    let item = items.get(message);
    const added = item === undefined;
    if (item === undefined) {
      item = page.createElement("li");
      items.set(message, item);
      if (message.name !== null) appendUserText(item, "from", message.name);
      appendUserText(item, "text", message.text);
      if (message.name === null) append(item, "p", "state");
      list.appendChild(item);
    }
    if (message.name !== null || item.dataset["state"] === message.state) return added;
    item.dataset["state"] = message.state;
    const state = item.lastElementChild as HTMLElement;
    state.replaceChildren();
    say(append(state, "span", ""), STATE_TEXTS[message.state]);
    if (message.state !== "failed") return added;
    const retry = append(state, "button", "again");
    say(retry, "retry");
    retry.addEventListener("click", () => {
      element(page, "chat-text").focus();
      chat.retry(message.id);
    });
    return true;
  }
  return () => {
    const { messages } = chat;
    const current = new Set(messages);
    items.forEach((item, message) => {
      if (current.has(message)) return;
      item.remove();
      items.delete(message);
    });
    let added = false;
    for (const message of messages) added = show(message) || added;
    empty.hidden = items.size > 0;
    return added;
  };
}

/**
 * Limits how often `draw` runs, in case of a flood of messages.
 * @returns a function that calls `draw` immediately or, if it already ran in this frame, in the next
 */
function oncePerFrame(page: Document, draw: () => void): () => void {
  let drawn = false;
  let pending = false;
  function drawSoon(): void {
    if (drawn) {
      pending = true;
      return;
    }
    drawn = true;
    draw();
    page.defaultView?.requestAnimationFrame(() => {
      drawn = false;
      if (!pending) return;
      pending = false;
      drawSoon();
    });
  }
  return drawSoon;
}

/** Connects the text field: it grows with its text, and Enter sends. */
function connectField(page: Document, chat: Chat, scrollToEnd: () => void): HTMLElement {
  const field = element<HTMLTextAreaElement>(page, "chat-text");
  const limit = element(page, "chat-limit");
  const resize = () => {
    limit.hidden = fits(field.value.trim());
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    scrollToEnd();
  };
  const submit = () => {
    if (!chat.send(field.value)) return;
    field.value = "";
    resize();
  };
  field.addEventListener("input", resize);
  field.addEventListener("keydown", (event) => {
    // Not while an input method composes a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  element(page, "chat-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    field.focus();
  });
  return field;
}

/** Connects the panel in the document. */
export function createChatView(page: Document, dependencies: ChatViewDependencies): ChatView {
  const panel = element(page, "chat");
  const scroll = element(page, "chat-scroll");
  const opener = element(page, "chat-open");
  let unread = 0;
  let unannounced: ChatMessage | null = null;

  const scrollToEnd = () => scroll.scrollTop = scroll.scrollHeight;
  const field = connectField(page, dependencies.chat, scrollToEnd);
  const updateList = createMessageList(page, dependencies);
  const notify = () => dependencies.shown(!panel.hidden, unread);
  const drawSoon = oncePerFrame(page, () => {
    if (updateList()) scrollToEnd();
    if (unannounced === null) return;
    notify();
    dependencies.announce("newMessage", unannounced.name ?? "");
    unannounced = null;
  });
  const close = () => {
    if (panel.hidden) return false;
    const inside = panel.contains(page.activeElement);
    panel.hidden = true;
    page.body.classList.remove("chatting");
    if (inside) opener.focus();
    notify();
    return true;
  };
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  element(page, "chat-close").addEventListener("click", close);
  return {
    close,
    toggle() {
      if (close()) return;
      panel.hidden = false;
      unread = 0;
      page.body.classList.add("chatting");
      scrollToEnd();
      field.focus();
      notify();
    },
    update(fresh) {
      if (fresh !== null && panel.hidden) {
        unread++;
        unannounced = fresh;
      }
      drawSoon();
    },
  };
}
