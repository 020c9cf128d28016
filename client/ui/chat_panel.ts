/** The chat panel: list of messages, text field and count of unread messages. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import { type Chat, type ChatMessage, fits } from "../call/chat.ts";
import { type ChatListDependencies, createChatList } from "./chat_list.ts";
import { createChatToast } from "./chat_toast.ts";
import { followKeyboard } from "./keyboard.ts";
import { element } from "./view.ts";

export interface ChatView {
  toggle(): void;
  /** Returns whether it was open. */
  close(): boolean;
  /** Shows changes of the chat; `fresh` is a new message from someone else. */
  update(fresh: ChatMessage | null): void;
  /** Formats the times again, in another language. */
  updateTimes(): void;
}

export interface ChatViewDependencies extends ChatListDependencies {
  /** Called when the panel opens or closes and when the number of unread messages changes. */
  readonly shown: (open: boolean, unread: number) => void;
  /** Announces a text to screen readers. */
  readonly announce: (text: ClientTextKey, name: string) => void;
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

/** Scrolls the messages, but never away from what a person reads. */
interface Scroller {
  toEnd(): void;
  /** The list became longer: shows its end, or that there is more below. */
  extended(): void;
  /** Runs a change of the size of the list's surroundings. */
  keep(change: () => void): void;
}

/** How far from the end a person still sees the last message. In CSS pixels. */
const NEAR_END = 40;

/** Keeps the last message in view until the person scrolls up. */
function createScroller(page: Document): Scroller {
  const scroll = element(page, "chat-scroll");
  const jump = element(page, "chat-new");
  let following = true;
  let height = 0;
  const toEnd = () => {
    following = true;
    jump.hidden = true;
    scroll.scrollTop = scroll.scrollHeight;
  };
  scroll.addEventListener("scroll", () => {
    // Not the person but a change of the size has scrolled: that is handled below.
    if (scroll.clientHeight !== height) return;
    following = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
    if (following) jump.hidden = true;
  });
  jump.addEventListener("click", () => {
    scroll.focus();
    toEnd();
  });
  // The keyboard and the size of the window change the height.
  new ResizeObserver(() => {
    height = scroll.clientHeight;
    if (following) toEnd();
  }).observe(scroll);
  return {
    toEnd,
    extended: () => following ? toEnd() : jump.hidden = false,
    keep(change) {
      const { scrollTop } = scroll;
      change();
      if (following) toEnd();
      else scroll.scrollTop = scrollTop;
    },
  };
}

/** Whether Enter sends: not while an input method composes a word, which Enter only confirms. */
function sends(event: KeyboardEvent): boolean {
  // In Safari the word is complete before this event, and only the key code tells.
  const composes = event.isComposing || event.keyCode === 229;
  return event.key === "Enter" && !event.shiftKey && !composes;
}

/** Connects the text field: it grows with its text, and Enter sends. */
function connectField(page: Document, chat: Chat, scroller: Scroller): HTMLElement {
  const field = element<HTMLTextAreaElement>(page, "chat-text");
  const limit = element(page, "chat-limit");
  const resize = () =>
    scroller.keep(() => {
      limit.hidden = fits(field.value.trim());
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight}px`;
    });
  const submit = () => {
    if (!chat.send(field.value)) return;
    field.value = "";
    resize();
    scroller.toEnd();
  };
  field.addEventListener("input", resize);
  field.addEventListener("keydown", (event) => {
    if (!sends(event)) return;
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
  const opener = element(page, "chat-open");
  let unread = 0;
  let unannounced: ChatMessage | null = null;

  const scroller = createScroller(page);
  const field = connectField(page, dependencies.chat, scroller);
  const list = createChatList(page, dependencies);
  const toast = createChatToast(page, () => toggle());
  followKeyboard(element(page, "app"));
  const notify = () => dependencies.shown(!panel.hidden, unread);
  const drawSoon = oncePerFrame(page, () => {
    if (list.update()) scroller.extended();
    if (unannounced === null) return;
    notify();
    dependencies.announce("newMessage", unannounced.name ?? "");
    toast.show(unannounced);
    unannounced = null;
  });
  const close = () => {
    toast.hide();
    if (panel.hidden) return false;
    const inside = panel.contains(page.activeElement);
    panel.hidden = true;
    page.body.classList.remove("chatting");
    if (inside) opener.focus();
    notify();
    return true;
  };
  const toggle = () => {
    if (close()) return;
    // To read, nobody needs the on-screen keyboard, which takes half of the screen.
    const reads = unread > 0 && matchMedia("(pointer: coarse)").matches;
    panel.hidden = false;
    unread = 0;
    unannounced = null;
    page.body.classList.add("chatting");
    scroller.toEnd();
    (reads ? element(page, "chat-scroll") : field).focus();
    notify();
  };
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  element(page, "chat-close").addEventListener("click", close);
  return {
    close,
    toggle,
    updateTimes: list.updateTimes,
    update(fresh) {
      if (fresh !== null && panel.hidden) {
        unread++;
        unannounced = fresh;
      }
      drawSoon();
    },
  };
}
