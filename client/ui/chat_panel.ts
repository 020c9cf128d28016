/** The chat on the page: a list that grows, a field, and the badge of what nobody has read. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Chat, ChatMessage } from "../call/chat.ts";
import { fits } from "../call/chat.ts";
import { element } from "./view.ts";

/** The chat's panel. */
export interface ChatView {
  toggle(): void;
  /** Answers whether it was open. */
  close(): boolean;
  /** Something changed in the chat; `fresh` came from somebody else. */
  update(fresh: ChatMessage | null): void;
}

/** Where the panel's news go. */
export interface ChatViewDependencies {
  readonly texts: Texts;
  readonly chat: () => Chat;
  readonly shown: (open: boolean, unread: number) => void;
  readonly announce: (text: ClientTextKey, name: string) => void;
}

const STATE_TEXTS = { pending: "sending", sent: "sent", failed: "notSent" } as const;

/** Connects what the server rendered. */
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
  let drawn = false;
  let waiting = false;
  let news: ChatMessage | null = null;

  const make = (parent: Element, tag: "p" | "span" | "button", className: string) => {
    const made = page.createElement(tag);
    made.className = className;
    parent.appendChild(made);
    return made;
  };
  /** What a person wrote: text and nothing else, in its own direction. */
  const quote = (parent: Element, className: string, text: string) => {
    const made = make(parent, "p", className);
    made.dir = "auto";
    made.textContent = text;
  };
  /** The newest in sight, whatever took its room. */
  const down = () => scroll.scrollTop = scroll.scrollHeight;
  /** Answers whether something is to be seen that was not there. */
  function show(message: ChatMessage): boolean {
    let item = items.get(message);
    const added = item === undefined;
    if (item === undefined) {
      item = page.createElement("li");
      items.set(message, item);
      if (message.name !== null) quote(item, "from", message.name);
      quote(item, "text", message.text);
      if (message.name === null) make(item, "p", "state");
      list.appendChild(item);
    }
    if (message.name !== null || item.dataset["state"] === message.state) return added;
    item.dataset["state"] = message.state;
    const state = item.lastElementChild as HTMLElement;
    state.replaceChildren();
    say(make(state, "span", ""), STATE_TEXTS[message.state]);
    if (message.state !== "failed") return added;
    const retry = make(state, "button", "again");
    say(retry, "retry");
    retry.addEventListener("click", () => {
      field.focus();
      dependencies.chat().retry(message.id);
    });
    return true;
  }
  function draw(): void {
    const { messages } = dependencies.chat();
    const kept = new Set(messages);
    items.forEach((item, message) => {
      if (kept.has(message)) return;
      item.remove();
      items.delete(message);
    });
    let added = false;
    for (const message of messages) added = show(message) || added;
    if (added) down();
    element(page, "chat-empty").hidden = items.size > 0;
    if (news === null) return;
    tell();
    dependencies.announce("newMessage", news.name ?? "");
    news = null;
  }
  /** The first change is shown at once, all others of the same frame together: a flood costs no more. */
  function drawSoon(): void {
    if (drawn) {
      waiting = true;
      return;
    }
    drawn = true;
    draw();
    page.defaultView?.requestAnimationFrame(() => {
      drawn = false;
      if (!waiting) return;
      waiting = false;
      drawSoon();
    });
  }
  const tell = () => dependencies.shown(!panel.hidden, unread);
  const close = () => {
    if (panel.hidden) return false;
    const inside = panel.contains(page.activeElement);
    panel.hidden = true;
    page.body.classList.remove("chatting");
    if (inside) opener.focus();
    tell();
    return true;
  };
  const submit = () => {
    if (!dependencies.chat().send(field.value)) return;
    field.value = "";
    grow();
  };
  const grow = () => {
    limit.hidden = fits(field.value.trim());
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    down();
  };
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    // Not while a writing system composes a word.
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
      down();
      field.focus();
      tell();
    },
    update(fresh) {
      if (fresh !== null && panel.hidden) {
        unread++;
        news = fresh;
      }
      drawSoon();
    },
  };
}
