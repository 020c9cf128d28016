/**
 * Before the call: the choice among several microphones or cameras, how loud the chosen one is, and
 * what to do about one that cannot be used. It comes with the in-call bundle.
 */
import { DEVICE_ERROR_TEXTS } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Device, Devices } from "../media/devices.ts";
import { showLevel } from "../media/level.ts";
import { wayToSettings } from "../media/platform.ts";
import type { Wish } from "../media/wish.ts";
import { element } from "./view.ts";

/** The two sides of a phone, which count more than how many lenses it has. */
const SIDES = { user: "frontCamera", environment: "backCamera" } as const;

/** Fills the list of devices of a kind; hidden where there is nothing to choose. */
async function list(
  select: HTMLSelectElement,
  device: Device,
  { say }: Texts,
): Promise<void> {
  const [kind, name] = select.id === "mics"
    ? ["audioinput", "microphoneOf"] as const
    : ["videoinput", "cameraOf"] as const;
  const all = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === kind);
  const { deviceId: now, facingMode } = device.stream?.getTracks()[0]?.getSettings() ?? {};
  // Only phones know where a camera looks. Android's web view gives no labels.
  const offered = facingMode === undefined
    ? all.map(({ deviceId, label }, at) =>
      [label ? { verbatim: label } : name, deviceId, now, `${at + 1}`] as const
    )
    : Object.entries(SIDES).map(([side, key]) => [key, side, facingMode, ""] as const);
  select.closest("label")?.toggleAttribute("hidden", all.length < 2);
  select.replaceChildren(
    ...offered.map(([text, value, chosen, count]) => {
      const option = new Option("", value, false, value === chosen);
      say(option, text, { count });
      return option;
    }),
  );
}

/** What the lobby needs to show devices. */
export interface LobbyDevicesDependencies {
  readonly page: Document;
  readonly devices: Devices;
  readonly texts: Texts;
  readonly wish: Wish;
  readonly hosted: boolean;
}

/**
 * Connects lists, level and help, where the page has a lobby to hold them.
 * @returns draws them anew; to be called whenever a device or the phase changes
 */
export function createLobbyDevices(
  { page, devices, texts, wish, hosted }: LobbyDevicesDependencies,
): () => void {
  const lobby = page.getElementById("lobby");
  const lists = ([["mics", "microphone"], ["cameras", "camera"]] as const).map(([id, kind]) =>
    [lobby?.querySelector<HTMLSelectElement>(`#${id}`), devices[kind]] as const
  );
  for (const [select, device] of lists) {
    select?.addEventListener("change", () => {
      const { value } = select;
      void device.pick(value in SIDES ? { facingMode: value } : { deviceId: { exact: value } });
    });
  }
  let measured: MediaStream | null = null;
  let hush = () => {};
  const settings = wayToSettings(
    { userAgent: navigator.userAgent, hosted },
    navigator.maxTouchPoints > 1,
  );
  const help = () => {
    const kinds = ["microphone", "camera"] as const;
    const kind = kinds.find((one) => wish[one] && devices[one].trouble);
    const trouble = kind && devices[kind].trouble;
    if (!trouble) return null;
    return trouble === "refused" ? settings : DEVICE_ERROR_TEXTS[trouble][kinds.indexOf(kind)];
  };
  const draw = () => {
    if (lobby?.hidden === false) texts.say(element(page, "lobby-help"), help() ?? null);
    const level = lobby?.querySelector("meter");
    const stream = lobby?.hidden === false ? devices.microphone.stream : null;
    // A level that can never move would look like silence.
    level?.toggleAttribute("hidden", devices.microphone.state === "blocked");
    if (level && measured !== stream) {
      hush();
      measured = stream;
      hush = stream ? showLevel(stream, (value) => level.value = value) : () => {};
    }
    for (const [select, device] of lists) {
      if (select && lobby?.hidden === false && device.state === "on") {
        list(select, device, texts).catch(() => undefined);
      }
    }
  };
  navigator.mediaDevices?.addEventListener?.("devicechange", draw);
  draw();
  return draw;
}
