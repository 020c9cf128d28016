/** The chat panel: list of messages, text field and count of unread messages. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Chat, ChatMessage } from "../call/chat.ts";
import { fits } from "../call/chat.ts";
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
  readonly chat: () => Chat;
  /** Called when the panel opens or closes and when the number of unread messages changes. */
  readonly shown: (open: boolean, unread: number) => void;
  /** Announces a text to screen readers. */
  readonly announce: (text: ClientTextKey, name: string) => void;
}

const STATE_TEXTS = { pending: "sending", sent: "sent", failed: "notSent" } as const;

/** Connects the panel in the document. */
export function createChatView(page: Document, dependencies: ChatViewDependencies): ChatView {
  const { texts: { say } } = dependencies;
  const panel = element(page, "chat");
  const list = element(page, "chat-list");
  const scroll = element(page, "chat-scroll");
  const form = element<HTMLFormElement>(page, "chat-form");
  const field = element<HTMLTextAreaElement>(page, "chat-text");
  const limit = element(page, "chat-limit");
  const opener = element<HTMLButtonElement>(page, "chat-open");
  const items = new Map<ChatMessage, HTMLElement>();
  let unread = 0;
  let drawnInFrame = false;
  let drawPending = false;
  let unannounced: ChatMessage | null = null;

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
  const scrollToEnd = () => scroll.scrollTop = scroll.scrollHeight;
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
      field.focus();
      dependencies.chat().retry(message.id);
    });
    return true;
  }
  function draw(): void {
    const { messages } = dependencies.chat();
    const current = new Set(messages);
    items.forEach((item, message) => {
      if (current.has(message)) return;
      item.remove();
      items.delete(message);
    });
    let added = false;
    for (const message of messages) added = show(message) || added;
    if (added) scrollToEnd();
    element(page, "chat-empty").hidden = items.size > 0;
    if (unannounced === null) return;
    notify();
    dependencies.announce("newMessage", unannounced.name ?? "");
    unannounced = null;
  }
  /** Draws the first change immediately and batches the rest of the frame, in case of a flood. */
  function drawSoon(): void {
    if (drawnInFrame) {
      drawPending = true;
      return;
    }
    drawnInFrame = true;
    draw();
    page.defaultView?.requestAnimationFrame(() => {
      drawnInFrame = false;
      if (!drawPending) return;
      drawPending = false;
      drawSoon();
    });
  }
  const notify = () => dependencies.shown(!panel.hidden, unread);
  const close = () => {
    if (panel.hidden) return false;
    const inside = panel.contains(page.activeElement);
    panel.hidden = true;
    page.body.classList.remove("chatting");
    if (inside) opener.focus();
    notify();
    return true;
  };
  const submit = () => {
    if (!dependencies.chat().send(field.value)) return;
    field.value = "";
    resize();
  };
  const resize = () => {
    limit.hidden = fits(field.value.trim());
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    scrollToEnd();
  };
  field.addEventListener("input", resize);
  field.addEventListener("keydown", (event) => {
    // Not while an input method composes a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    field.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  element<HTMLButtonElement>(page, "chat-close").addEventListener("click", close);
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
