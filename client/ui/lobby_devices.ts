/**
 * Devices in the lobby: selection, microphone level and help with devices that cannot be used. Part
 * of the in-call bundle.
 */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Device, Devices } from "../media/devices.ts";
import { showLevel } from "../media/level.ts";
import { DEVICE_KINDS, type DeviceKind, PROMPT_MS, watchRecovery } from "../media/permission.ts";
import { watchTrack } from "../media/track_watch.ts";
import { wantsCamera, type Wish } from "../media/wish.ts";
import type { Store } from "../visit/store.ts";
import { createHelpBlock, helpFor, permissionSteps, promptFor } from "./device_help.ts";
import { element } from "./view.ts";

/** On phones, people choose between front and back instead of between lenses. */
const SIDES = { user: "frontCamera", environment: "backCamera" } as const;

/** Fills a list of devices; hidden if there is nothing to choose. */
async function fillList(
  select: HTMLSelectElement,
  device: Device,
  { say }: Texts,
): Promise<void> {
  const [kind, name] = select.id === "mics"
    ? ["audioinput", "microphoneOf"] as const
    : ["videoinput", "cameraOf"] as const;
  const all = (await navigator.mediaDevices.enumerateDevices())
    .filter((device) => device.kind === kind);
  const { deviceId: current, facingMode } = device.stream?.getTracks()[0]?.getSettings() ?? {};
  // Only cameras of phones have a facing mode. Android web views return no labels.
  const options = facingMode === undefined
    ? all.map(({ deviceId, label }, index) =>
      [label ? { verbatim: label } : name, deviceId, current, `${index + 1}`] as const
    )
    : Object.entries(SIDES).map(([side, key]) => [key, side, facingMode, ""] as const);
  select.closest("label")?.toggleAttribute("hidden", all.length < 2);
  select.replaceChildren(
    ...options.map(([text, value, chosen, count]) => {
      const option = new Option("", value, false, value === chosen);
      say(option, text, { count });
      return option;
    }),
  );
}

export interface LobbyDevicesDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly devices: Devices;
  readonly texts: Texts;
  readonly wish: Wish;
  readonly hosted: boolean;
  /** The person the visit is with. */
  readonly other: Person | undefined;
}

/** Shows the level of the microphone; returns a function to call after each change. */
function createMeter(lobby: HTMLElement | null, { microphone }: Devices): () => void {
  const level = lobby?.querySelector("meter");
  let measured: MediaStream | null = null;
  let stopMeter = () => {};
  return () => {
    const stream = lobby?.hidden === false ? microphone.stream : null;
    // The level of a blocked microphone would look like silence.
    level?.toggleAttribute("hidden", microphone.state === "blocked");
    if (!level || measured === stream) return;
    stopMeter();
    measured = stream;
    stopMeter = stream ? showLevel(stream, (value) => level.value = value) : () => {};
  };
}

/**
 * Shows in the lobby why devices cannot be used, and asks again: when they are lost or may work
 * again, and by a button.
 * @returns a function to call after each change of a device or the phase
 */
function createLobbyHelp(
  { page, store, devices, texts, wish, hosted, other }: LobbyDevicesDependencies,
  lobby: HTMLElement,
): () => void {
  const isShown = () => lobby.hidden === false;
  const wanted = (kind: DeviceKind) => kind === "microphone" ? wish[kind] : wantsCamera(wish);
  const open = (kind: DeviceKind) => {
    if (isShown() && wanted(kind)) void devices[kind].open();
  };
  const blocked = () =>
    DEVICE_KINDS.filter((kind) => wanted(kind) && devices[kind].trouble !== undefined);
  const steps = permissionSteps(page, hosted);
  async function retry(): Promise<void> {
    const since = performance.now();
    const kinds = blocked();
    await (kinds.length > 1
      ? devices.openBoth()
      : Promise.all(kinds.map((kind) => devices[kind].open())));
    const refused = blocked().some((kind) => devices[kind].trouble === "refused");
    // Safari does not ask a second time on the same page.
    if (refused && performance.now() - since < PROMPT_MS && steps.includes("allowSafari")) {
      page.location.reload();
    }
  }
  const block = element(page, "lobby-help");
  const showHelp = createHelpBlock(block, texts, () => void retry());
  const watches = DEVICE_KINDS.map((kind) =>
    watchTrack(devices[kind], {
      muted(muted) {
        const { trouble } = devices[kind];
        if (isShown() && muted !== (trouble === "muted")) devices[kind].muted(muted);
      },
      ended: () => open(kind),
    })
  );
  watchRecovery(devices, page, open);
  return () => {
    if (!isShown()) return;
    // A camera that is opening shows a spinner.
    lobby.querySelector(".look")?.setAttribute("data-state", devices.camera.state);
    watches.forEach((watch) => watch());
    const prompt = promptFor(store.now.asked, other?.name);
    if (prompt !== null) return void showHelp(prompt);
    // An attempt that fails at once must not make the help disappear for a moment.
    if (DEVICE_KINDS.some((kind) => devices[kind].state === "busy")) return;
    const troubles = Object.fromEntries(blocked().map((kind) => [kind, devices[kind].trouble]));
    showHelp(helpFor(troubles, steps, false));
  };
}

/**
 * Connects the device lists, the level meter and the help text, if the page has a lobby.
 * @returns a function to call after each change of a device or the phase
 */
export function createLobbyDevices(dependencies: LobbyDevicesDependencies): () => void {
  const { page, devices, texts } = dependencies;
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
  const showMeter = createMeter(lobby, devices);
  const help = lobby ? createLobbyHelp(dependencies, lobby) : () => {};
  const draw = () => {
    help();
    showMeter();
    for (const [select, device] of lists) {
      if (select && lobby?.hidden === false && device.state === "on") {
        fillList(select, device, texts).catch(() => undefined);
      }
    }
  };
  navigator.mediaDevices?.addEventListener?.("devicechange", draw);
  draw();
  return draw;
}
