/** What to say about devices that cannot be used, or that the browser asks for. */
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import type { CallTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { Texts } from "../i18n/texts.ts";
import { DEVICE_KINDS, type DeviceKind, frameAllows, watchRecovery } from "../media/permission.ts";
import { permissionHelp } from "../media/platform.ts";

/** Why devices that the person wants cannot be used. */
export type Troubles = { readonly [kind in DeviceKind]?: DeviceError | undefined };

/** Texts about devices. */
export interface Help {
  readonly titles: readonly CallTextKey[];
  /** Name for the titles. */
  readonly name?: string;
  /** With lines, there is also a button to try again. */
  readonly lines?: readonly CallTextKey[];
  /** The browser waits for an answer. */
  readonly asking?: boolean;
}

/** Titles for the microphone and the camera. */
const TITLES: Readonly<Record<DeviceError, readonly [CallTextKey, CallTextKey]>> = {
  refused: ["microphoneRefused", "cameraRefused"],
  denied: ["microphoneRefused", "cameraRefused"],
  missing: ["noMicrophone", "noCamera"],
  busy: ["microphoneBusy", "cameraBusy"],
  muted: ["microphoneMuted", "cameraMuted"],
};

/**
 * Returns what is wrong and what the person can do. Pure.
 * @param steps how to allow a device on this platform
 * @param calling whether they are in the call already
 * @returns null if nothing is wrong
 */
export function helpFor(
  { microphone, camera }: Troubles,
  steps: readonly CallTextKey[],
  calling: boolean,
): Help | null {
  const all = [microphone, camera];
  const blocked = all.every((trouble) => trouble === "refused" || trouble === "denied");
  const titles: readonly CallTextKey[] = blocked
    ? ["devicesRefused"]
    : all.flatMap((trouble, index) => trouble ? TITLES[trouble][index] ?? [] : []);
  if (titles.length === 0) return null;
  const lines = [
    ...(all.includes("refused") ? steps : []),
    ...(all.includes("denied") ? ["allowSystem" as const] : []),
    ...(all.includes("busy") ? ["busyHelp" as const] : []),
    ...(all.includes("muted") ? ["mutedHelp" as const] : []),
  ];
  const without = calling ? "stillListening" : microphone ? "joinToListen" : "joinUnseen";
  return { titles, lines: [...lines, without] };
}

/** Returns the steps to allow devices: on this platform, by the app or site around the page, or both. */
export function permissionSteps(page: Document, hosted: boolean): readonly CallTextKey[] {
  const platform = permissionHelp(
    { userAgent: navigator.userAgent, hosted },
    navigator.maxTouchPoints > 1,
  );
  const allowed = DEVICE_KINDS.map((kind) => frameAllows(page, kind));
  if (allowed.includes(false)) return ["allowFrame"];
  // Without an answer from the browser, it may be either.
  return allowed.includes(undefined) ? [platform, "allowFrame"] : [platform];
}

/** Asks to answer the browser's prompt for these devices. Null if there is none. */
export function promptFor(asked: readonly DeviceKind[] = [], name = ""): Help | null {
  const [first] = asked;
  if (first === undefined) return null;
  const kind = first === "microphone" ? "tapAllowMicrophone" : "tapAllowCamera";
  const key = asked.length > 1 ? "tapAllow" : kind;
  // Nobody else is invited.
  if (name === "") return { titles: ["microphoneWaiting"], asking: true };
  return { titles: [key], name, asking: true };
}

/**
 * Returns a function that fills an element with help, or empties it. Unchanged help is left alone,
 * since screen readers would announce it again.
 * @param retry runs on a tap on the button
 * @returns whether the help changed
 */
export function createHelpBlock(
  block: HTMLElement,
  { say }: Texts,
  retry: () => void,
): (help: Help | null) => boolean {
  let shown = "null";
  const page = block.ownerDocument;
  const add = (tag: "strong" | "span" | "button", key: CallTextKey | "retry", name?: string) => {
    const made = page.createElement(tag);
    say(made, key, { name });
    block.append(made);
    return made;
  };
  return (help) => {
    const next = JSON.stringify(help);
    if (next === shown) return false;
    shown = next;
    block.replaceChildren();
    const { titles = [], name, lines = [], asking = false } = help ?? {};
    block.classList.toggle("asking", asking);
    titles.forEach((key) => add("strong", key, name));
    lines.forEach((key, index) => {
      // The last line is about what is possible without the device.
      if (index === lines.length - 1) {
        const button = add("button", "retry");
        button.className = "button retry";
        button.setAttribute("type", "button");
        button.addEventListener("click", retry);
      }
      add("span", key);
    });
    return true;
  };
}

/** For notices in the call, which is in another bundle. */
export const deviceHelp = {
  createHelpBlock,
  helpFor,
  permissionSteps,
  promptFor,
  watchRecovery,
};
