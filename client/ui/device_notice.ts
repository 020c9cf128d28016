/** Notices about the devices in a call: what is wrong, what the browser asks, and what replaced it. */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import type { deviceHelp, Help } from "./device_help.ts";
import { element } from "./view.ts";

/** How long a notice stays that needs no action. */
const SHORT_MS = 8_000;

export interface DeviceNoticeDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  readonly hosted: boolean;
  readonly other: Person | undefined;
  readonly help: typeof deviceHelp;
  /** Opens the devices again that cannot be used. */
  readonly retry: () => void;
}

/** The notice, which follows the devices in the store. */
export interface DeviceNotice {
  /** Says which device has taken over from a lost one; `label` may be empty. */
  replaced(label: string): void;
}

/** Connects the notice, and the request to answer a prompt before the call. */
export function createDeviceNotice(
  { page, store, texts, hosted, other, help, retry }: DeviceNoticeDependencies,
): DeviceNotice {
  const { createHelpBlock, helpFor, permissionSteps, promptFor } = help;
  const notice = element(page, "device-notice");
  const show = createHelpBlock(element(page, "device-help"), texts, retry);
  const showAbove = createHelpBlock(element(page, "card-help"), texts, retry);
  const steps = permissionSteps(page, hosted);
  let replacement: Help | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(): void {
    const { phase, asked, microphone, camera } = store.now;
    const prompt = promptFor(asked, other?.name);
    const connecting = phase === "connecting";
    showAbove(connecting ? prompt : null);
    const opening = [microphone, camera].some((device) => device?.state === "busy");
    const running = connecting || IN_CALL.includes(phase);
    // An attempt that fails at once must not make the notice disappear for a moment.
    if (running && opening && prompt === null) return;
    const troubles = { microphone: microphone?.trouble, camera: camera?.trouble };
    const asking = connecting ? null : prompt;
    const problem = running ? asking ?? helpFor(troubles, steps, true) : null;
    const shown = problem ?? replacement;
    if (show(shown)) notice.hidden = shown === null;
  }
  element(page, "device-close").addEventListener("click", () => notice.hidden = true);
  for (const key of ["asked", "microphone", "camera", "phase"] as const) store.follow(key, draw);
  return {
    replaced(label) {
      clearTimeout(timer);
      replacement = label ? { titles: ["nowUsing"], name: label } : { titles: ["nowUsingOther"] };
      draw();
      timer = setTimeout(() => {
        replacement = null;
        draw();
      }, SHORT_MS);
    },
  };
}
