/** The chat on the page: a list that grows, a field, and the badge of what nobody has read. */
import type { ClientTexts } from "../supabase/functions/chime-page/page/data.ts";
import type { Chat, ChatMessage } from "./chat.ts";
import { fits } from "./chat.ts";
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
export interface ChatViewPorts {
  readonly texts: ClientTexts;
  readonly chat: () => Chat;
  readonly shown: (open: boolean, unread: number) => void;
  readonly announce: (text: string, name: string) => void;
}

/** Wires what the server rendered. */
export function createChatView(page: Document, ports: ChatViewPorts): ChatView {
  const { texts } = ports;
  const panel = element(page, "chat");
  const list = element(page, "chat-list");
  const scroll = element(page, "chat-scroll");
  const form = element<HTMLFormElement>(page, "chat-form");
  const field = element<HTMLTextAreaElement>(page, "chat-text");
  const limit = element(page, "chat-limit");
  const opener = element<HTMLButtonElement>(page, "chat-open");
  const items = new Map<ChatMessage, HTMLElement>();
  let unread = 0;

  const make = (parent: Element, tag: "p" | "span" | "button", className: string) => {
    const made = page.createElement(tag);
    made.className = className;
    parent.appendChild(made);
    return made;
  };
  /** The newest in sight, whatever took its room. */
  const down = () => scroll.scrollTop = scroll.scrollHeight;
  function show(message: ChatMessage): void {
    let item = items.get(message);
    if (item === undefined) {
      item = page.createElement("li");
      items.set(message, item);
      if (message.name !== null) make(item, "p", "from").textContent = message.name;
      const text = make(item, "p", "text");
      // Text and nothing else, in its own direction.
      text.dir = "auto";
      text.textContent = message.text;
      if (message.name === null) make(item, "p", "state");
      list.appendChild(item);
      down();
    }
    if (message.name !== null || item.dataset["state"] === message.state) return;
    item.dataset["state"] = message.state;
    const state = item.lastElementChild as HTMLElement;
    state.textContent = { pending: texts.sending, sent: texts.sent, failed: texts.notSent }[
      message.state
    ];
    if (message.state === "failed") {
      const retry = make(state, "button", "again");
      down();
      retry.textContent = texts.retry;
      retry.addEventListener("click", () => {
        field.focus();
        ports.chat().retry(message.id);
      });
    }
  }
  const tell = () => ports.shown(!panel.hidden, unread);
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
    if (!ports.chat().send(field.value)) return;
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
      ports.chat().messages.forEach(show);
      element(page, "chat-empty").hidden = items.size > 0;
      if (fresh === null || !panel.hidden) return;
      unread++;
      tell();
      ports.announce(texts.newMessage, fresh.name ?? "");
    },
  };
}
