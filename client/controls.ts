/** The three buttons: microphone, camera, leave. */
import type { ClientTexts } from "../supabase/functions/chime-page/page/data.ts";
import type { DeviceState } from "./camera.ts";
import { element } from "./view.ts";

/** What a tap does. */
export interface ControlActions {
  microphone(): void;
  camera(): void;
  leave(): void;
}

/** The bar of controls. */
export interface Controls {
  microphone(state: DeviceState): void;
  camera(state: DeviceState): void;
  /** Microphone and camera are only there during a call, Leave until the visit is left. */
  shown(which: "call" | "leave" | "none"): void;
}

/** Wires the buttons the server rendered. A label says what a tap will do. */
export function createControls(
  page: Document,
  texts: ClientTexts,
  actions: ControlActions,
): Controls {
  const microphone = element(page, "mic", HTMLButtonElement);
  const camera = element(page, "camera", HTMLButtonElement);
  const leave = element(page, "leave", HTMLButtonElement);
  microphone.addEventListener("click", () => actions.microphone());
  camera.addEventListener("click", () => actions.camera());
  leave.addEventListener("click", () => actions.leave());

  const show = (button: HTMLButtonElement, label: string, state: DeviceState, text: string) => {
    button.setAttribute("data-state", state);
    button.setAttribute("aria-busy", String(state === "busy"));
    element(page, label, HTMLElement).textContent = text;
  };
  return {
    microphone: (state) =>
      show(microphone, "mic-label", state, state === "on" ? texts.mute : texts.unmute),
    camera(state) {
      const on = state === "on" || state === "busy";
      show(camera, "camera-label", state, on ? texts.cameraOff : texts.cameraOn);
    },
    shown(which) {
      microphone.hidden = which !== "call";
      camera.hidden = which !== "call";
      leave.hidden = which === "none";
    },
  };
}
