/** A new message, shown over the call for a moment while the chat is closed. */
import type { ChatMessage } from "../call/chat.ts";
import { element } from "./view.ts";

export interface ChatToast {
  /** Shows a message, instead of the one before. */
  show(message: ChatMessage): void;
  hide(): void;
}

const SHOWN_MS = 7_000;

/** @param open opens the chat */
export function createChatToast(page: Document, open: () => void): ChatToast {
  const toast = element(page, "toast");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    clearTimeout(timer);
    toast.hidden = true;
  };
  const hideLater = () => {
    clearTimeout(timer);
    // It stays for whoever is about to use it.
    timer = setTimeout(() => toast.matches(":hover, :focus") ? hideLater() : hide(), SHOWN_MS);
  };
  toast.addEventListener("click", open);
  return {
    hide,
    show({ name, text }) {
      element(page, "toast-from").textContent = name;
      element(page, "toast-text").textContent = text;
      toast.hidden = false;
      hideLater();
    },
  };
}
