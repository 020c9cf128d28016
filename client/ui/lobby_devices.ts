/**
 * Before the call: the choice among several microphones or cameras, and how loud the chosen one is.
 * A help, not a need: it comes with the call's file.
 */
import type { CallTexts } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Device, Devices } from "../media/devices.ts";
import { showLevel } from "../media/level.ts";

/** The two sides of a phone, which count more than how many lenses it has. */
const SIDES = { user: "frontCamera", environment: "backCamera" } as const;

/** Fills the list of devices of a kind; hidden where there is nothing to choose. */
async function list(
  select: HTMLSelectElement,
  device: Device,
  texts: CallTexts,
): Promise<void> {
  const [kind, name] = select.id === "mics"
    ? ["audioinput", texts.microphoneOf] as const
    : ["videoinput", texts.cameraOf] as const;
  const all = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === kind);
  const { deviceId: now, facingMode } = device.stream?.getTracks()[0]?.getSettings() ?? {};
  // Only phones know where a camera looks. Android's web view gives no labels.
  const offered = facingMode === undefined
    ? all.map(({ deviceId, label }, at) =>
      [label || name.replace("{count}", `${at + 1}`), deviceId, now, label] as const
    )
    : Object.entries(SIDES).map(([side, key]) => [texts[key], side, facingMode, ""] as const);
  select.closest("label")?.toggleAttribute("hidden", all.length < 2);
  select.replaceChildren(
    ...offered.map(([text, value, chosen, label]) => {
      const option = new Option(text, value, false, value === chosen);
      // A device's own name may equal a text of the page.
      option.translate = label === "";
      return option;
    }),
  );
}

/**
 * Wires lists and level, where the page has a lobby to hold them.
 * @returns draws both anew; to be called whenever a device or the phase changes
 */
export function createLobbyDevices(page: Document, devices: Devices, texts: CallTexts): () => void {
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
  const draw = () => {
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
