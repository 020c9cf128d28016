/**
 * Devices in the lobby: selection, and help with devices that cannot be used. Part of the in-call
 * bundle.
 */
import { DEVICE_ERROR_TEXTS } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Devices } from "../media/devices.ts";
import { permissionHelp } from "../media/platform.ts";
import type { Wish } from "../media/wish.ts";
import { element } from "./view.ts";

/** On phones, people choose between front and back instead of between lenses. */
const SIDES = { user: "frontCamera", environment: "backCamera" } as const;

/** Names of devices without a label. Speakers always have one: they are listed on computers only. */
const NAMES = { audioinput: "microphoneOf", videoinput: "cameraOf", audiooutput: null } as const;

/**
 * Fills a list of devices; hidden if there are fewer than `least`.
 * @param current settings of the device in use
 */
async function fillDeviceList(
  select: HTMLSelectElement,
  kind: MediaDeviceKind,
  { deviceId: current, facingMode }: MediaTrackSettings,
  { say }: Texts,
  least = 2,
): Promise<void> {
  // Without permission, devices have no ids.
  const all = (await navigator.mediaDevices.enumerateDevices())
    .filter((device) => device.kind === kind && device.deviceId);
  // Only cameras of phones have a facing mode. Android web views return no labels.
  const options = facingMode === undefined
    ? all.map(({ deviceId, label }, index) =>
      [(!label && NAMES[kind]) || { verbatim: label }, deviceId, current, `${index + 1}`] as const
    )
    : Object.entries(SIDES).map(([side, key]) => [key, side, facingMode, ""] as const);
  select.closest("label")?.toggleAttribute("hidden", all.length < least);
  select.replaceChildren(
    ...options.map(([text, value, chosen, count]) => {
      const option = new Option("", value, false, value === chosen);
      say(option, text, { count });
      return option;
    }),
  );
}

/** The constraints for a choice in a list. */
function choiceOf({ value }: HTMLSelectElement): MediaTrackConstraints {
  return value in SIDES ? { facingMode: value } : { deviceId: { exact: value } };
}

/** For the lists in the call too. */
export const deviceLists = { fillDeviceList, choiceOf };

export interface LobbyDevicesDependencies {
  readonly page: Document;
  readonly devices: Devices;
  readonly texts: Texts;
  readonly wish: Wish;
  readonly hosted: boolean;
}

/**
 * Connects the device lists and the help text, if the page has a lobby.
 * @returns a function to call after each change of a device or the phase
 */
export function createLobbyDevices(
  { page, devices, texts, wish, hosted }: LobbyDevicesDependencies,
): () => void {
  const lobby = page.getElementById("lobby");
  const lists = ([
    ["mics", "audioinput", devices.microphone],
    ["cameras", "videoinput", devices.camera],
  ] as const).map(([id, kind, device]) =>
    [lobby?.querySelector<HTMLSelectElement>(`#${id}`), kind, device] as const
  );
  for (const [select, , device] of lists) {
    select?.addEventListener("change", () => void device.pick(choiceOf(select)));
  }
  const permissionText = permissionHelp(
    { userAgent: navigator.userAgent, hosted },
    navigator.maxTouchPoints > 1,
  );
  const help = () => {
    const kinds = ["microphone", "camera"] as const;
    const kind = kinds.find((one) => wish[one] && devices[one].trouble);
    const trouble = kind && devices[kind].trouble;
    if (!trouble) return null;
    return trouble === "refused"
      ? permissionText
      : DEVICE_ERROR_TEXTS[trouble][kinds.indexOf(kind)];
  };
  const draw = () => {
    if (lobby?.hidden === false) texts.say(element(page, "lobby-help"), help() ?? null);
    for (const [select, kind, device] of lists) {
      if (select && lobby?.hidden === false && device.state === "on") {
        const settings = device.stream?.getTracks()[0]?.getSettings() ?? {};
        fillDeviceList(select, kind, settings, texts).catch(() => undefined);
      }
    }
  };
  navigator.mediaDevices?.addEventListener?.("devicechange", draw);
  return draw;
}
