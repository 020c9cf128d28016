/** The messages of the chat. */
import type { Texts } from "../i18n/texts.ts";
import type { Chat, ChatMessage } from "../call/chat.ts";
import { splitLinks } from "./links.ts";
import { element } from "./view.ts";

export interface ChatListDependencies {
  readonly texts: Texts;
  readonly chat: Chat;
  /** Formats the time of a message, in milliseconds since 1970. */
  readonly clock: (at: number) => string;
  /** Name of the only other person of the visit; null if there are several or none. */
  readonly expected: string | null;
}

export interface ChatList {
  /** Shows the messages and their states; returns whether the list became longer. */
  update(): boolean;
  /** Formats the times again, in another language. */
  updateTimes(): void;
}

const STATE_TEXTS = { pending: "sending", sent: "sent", failed: "notSent" } as const;

/** Elements of one message. */
interface Item {
  readonly row: HTMLElement;
  /** Sender of another person's message. */
  readonly from: HTMLElement | undefined;
  readonly time: HTMLElement;
  /** State of an own message. */
  readonly state: HTMLElement | undefined;
}

/** Appends an element that shows `text`, if there is one. */
function append(parent: Element, tag: string, className: string, text?: string): HTMLElement {
  const created = parent.ownerDocument.createElement(tag);
  created.className = className;
  if (text !== undefined) created.textContent = text;
  parent.appendChild(created);
  return created;
}

/** Appends what a person wrote, as plain text in its own direction, with links. */
function appendUserText(parent: Element, written: string): void {
  const paragraph = append(parent, "p", "text");
  paragraph.dir = "auto";
  for (const { text, link } of splitLinks(written)) {
    if (!link) paragraph.append(text);
    else {
      const anchor = append(paragraph, "a", "", text) as HTMLAnchorElement;
      anchor.href = text;
      anchor.dir = "ltr";
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
    }
  }
}

export function createChatList(page: Document, dependencies: ChatListDependencies): ChatList {
  const { texts: { say }, chat, clock, expected } = dependencies;
  const list = element(page, "chat-list");
  const empty = element(page, "chat-empty");
  const items = new Map<ChatMessage, Item>();

  function create({ name, text, at }: ChatMessage): Item {
    const row = append(list, "li", "");
    const head = append(row, "p", "by");
    const from = name === null ? undefined : append(head, "bdi", "from", name);
    const time = append(head, "time", "", clock(at));
    appendUserText(row, text);
    return { row, from, time, state: name === null ? append(row, "p", "state") : undefined };
  }
  /** Shows the state of an own message; returns whether the list became longer. */
  function showState({ row, state }: Item, message: ChatMessage): boolean {
    if (state === undefined || row.dataset["state"] === message.state) return false;
    row.dataset["state"] = message.state;
    state.replaceChildren();
    const label = append(state, "span", "");
    if (message.state !== "waiting") say(label, STATE_TEXTS[message.state]);
    else if (expected === null) say(label, "deliveredLater");
    else say(label, "deliveredTo", { name: expected });
    if (message.state !== "failed") return false;
    const retry = append(state, "button", "again");
    say(retry, "retry");
    retry.addEventListener("click", () => {
      element(page, "chat-text").focus();
      chat.retry(message.id);
    });
    return true;
  }
  /** Of several messages in a row, shows what they have in common once; screen readers repeat it. */
  function group(): void {
    let last: ChatMessage | undefined;
    let above: Item | undefined;
    items.forEach((item, message) => {
      const same = last?.sender === message.sender;
      item.from?.classList.toggle("unseen", same);
      const sameTime = item.time.textContent === above?.time.textContent;
      item.time.classList.toggle("unseen", same && sameTime);
      item.row.classList.toggle("next", same);
      const sameState = last?.state === "sent" && message.state === "sent";
      above?.state?.classList.toggle("unseen", same && sameState);
      last = message;
      above = item;
    });
    above?.state?.classList.remove("unseen");
  }
  return {
    update() {
      const current = new Set(chat.messages);
      items.forEach(({ row }, message) => {
        if (current.has(message)) return;
        row.remove();
        items.delete(message);
      });
      let longer = false;
      for (const message of chat.messages) {
        const known = items.get(message);
        const item = known ?? create(message);
        items.set(message, item);
        longer = showState(item, message) || known === undefined || longer;
      }
      group();
      empty.hidden = items.size > 0;
      return longer;
    },
    updateTimes() {
      items.forEach(({ time }, { at }) => time.textContent = clock(at));
      group();
    },
  };
}
