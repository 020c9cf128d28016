/**
 * Devices in the lobby: selection, and help with devices that cannot be used. Part of the lobby
 * bundle.
 */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Devices } from "../media/devices.ts";
import { DEVICE_KINDS, type DeviceKind, PROMPT_MS, watchRecovery } from "../media/permission.ts";
import { watchTrack } from "../media/track_watch.ts";
import { wantsCamera, type Wish } from "../media/wish.ts";
import type { Store } from "../visit/store.ts";
import { createHelpBlock, helpFor, permissionSteps, promptFor } from "./device_help.ts";
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
  readonly store: Store;
  readonly devices: Devices;
  readonly texts: Texts;
  readonly wish: Wish;
  readonly hosted: boolean;
  /** The person the visit is with. */
  readonly other: Person | undefined;
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
 * Connects the device lists and the help text, if the page has a lobby.
 * @returns a function to call after each change of a device or the phase
 */
export function createLobbyDevices(dependencies: LobbyDevicesDependencies): () => void {
  const { page, devices, texts } = dependencies;
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
  const help = lobby ? createLobbyHelp(dependencies, lobby) : () => {};
  const draw = () => {
    help();
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
