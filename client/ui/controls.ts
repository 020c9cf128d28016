/** The bar of controls below the call. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { Texts } from "../i18n/texts.ts";
import type { DeviceState } from "../bridge/chime-page.d.ts";
import { element } from "./view.ts";

/** Actions of the buttons. */
export interface ControlActions {
  microphone(): void;
  camera(): void;
  chat(): void;
}

export interface Controls {
  microphone(state: DeviceState): void;
  camera(state: DeviceState): void;
  /** Shows or hides the controls of a call. The Leave and More buttons are always there. */
  shown(shown: boolean): void;
  /** @param unread number of unread messages */
  chat(open: boolean, unread: number): void;
}

/** Connects the buttons in the document. Labels state what a tap will do. */
export function createControls(
  page: Document,
  { label, say, t }: Texts,
  actions: ControlActions,
): Controls {
  const button = (id: string, run: () => void) => {
    const found = element<HTMLButtonElement>(page, id);
    found.addEventListener("click", () => run());
    return found;
  };
  const microphone = button("mic", actions.microphone);
  const camera = button("camera", actions.camera);
  const chat = button("chat-open", actions.chat);
  const badge = element(page, "chat-badge");

  const show = (
    target: HTMLButtonElement,
    caption: string,
    state: DeviceState,
    text: ClientTextKey,
  ) => {
    target.setAttribute("data-state", state);
    target.setAttribute("aria-busy", String(state === "busy"));
    say(element(page, caption), text);
  };
  return {
    microphone(state) {
      const on = state === "on";
      const was = microphone.dataset["state"];
      // While the prompt is open, the person can still choose to mute.
      const wanted = on || state === "busy";
      show(microphone, "mic-label", state, wanted ? "mute" : "unmute");
      // Announce the change to screen readers, also if the host made it.
      if (was === state || !on && state !== "off") return;
      say(element(page, "announce"), on ? "tileUnmuted" : "tileMuted", { name: t("you") });
    },
    camera(state) {
      const on = state === "on" || state === "busy";
      show(camera, "camera-label", state, on ? "cameraOff" : "cameraOn");
    },
    shown(shown) {
      for (const each of [microphone, camera, chat]) each.hidden = !shown;
    },
    chat(open, unread) {
      chat.setAttribute("aria-expanded", String(open));
      badge.hidden = unread === 0;
      badge.textContent = String(unread);
      label(chat, unread === 0 ? null : "chatUnread", { count: `${unread}` });
    },
  };
}
