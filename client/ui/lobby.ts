/** The lobby: camera preview, device buttons, data use and the Join button. */
import type { Texts } from "../i18n/texts.ts";
import type { Devices } from "../media/devices.ts";
import { megabytesAnHour, topRung } from "../network/data_use.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";
import { type Use, USES, wantsCamera, type Wish } from "../media/wish.ts";

export interface LobbyDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  readonly devices: Devices;
  readonly wish: Wish;
  /** Whether the screen is large enough for 540p. */
  readonly wide: boolean;
  readonly join: () => void;
  /** Name of the person the visit is with. */
  readonly name: string;
}

export interface Lobby {
  /** Changes the wish and, while the lobby is shown, the devices. */
  choose(change: Partial<Wish>): void;
  /** Updates the lobby after a change of the phase. */
  update(): void;
  /** Updates the lobby after a change of a device. */
  draw(): void;
}

/** Shows the selected data use, and the megabytes per hour of each option. */
function showDataUse({ page, texts, wish, wide }: LobbyDependencies): void {
  for (const use of USES) {
    const option = page.querySelector<HTMLInputElement>(`[value=${use}]`);
    if (option !== null) option.checked = use === wish.use;
    const top = topRung(use, wide);
    // Rounded to tens, since it is an estimate.
    const megabytes = Math.round(megabytesAnHour(wish.camera ? top : 0, top) / 10) * 10;
    texts.say(element(page, `cost-${use}`), "perHour", { count: `${megabytes}` });
  }
}

/** Connects the panel in the document; null if the page has no lobby. */
export function createLobby(dependencies: LobbyDependencies): Lobby | null {
  const { page, store, texts: { say }, devices, wish, name } = dependencies;
  const panel = page.getElementById("lobby");
  if (panel === null) return null;
  const preview = element<HTMLVideoElement>(page, "look");
  const joinButton = element<HTMLButtonElement>(page, "join");
  const buttons = {
    microphone: element<HTMLButtonElement>(page, "try-mic"),
    camera: element<HTMLButtonElement>(page, "try-camera"),
  };
  let shown = false;

  function draw(): void {
    if (!shown) return;
    const { camera } = devices;
    if (preview.srcObject !== camera.stream) preview.srcObject = camera.stream;
    preview.hidden = camera.state !== "on";
    const frame = preview.parentElement;
    // Makes room for the help text.
    frame?.toggleAttribute("hidden", camera.state === "blocked");
    const facing = camera.stream?.getVideoTracks()[0]?.getSettings().facingMode;
    frame?.classList.toggle("front", facing !== "environment");
    for (const kind of ["microphone", "camera"] as const) {
      buttons[kind].setAttribute("data-state", devices[kind].state);
      buttons[kind].setAttribute("aria-pressed", String(wish[kind]));
    }
    showDataUse(dependencies);
  }
  function choose(change: Partial<Wish>): void {
    Object.assign(wish, change);
    if (!shown) return;
    const { microphone, camera } = devices;
    if (!wish.microphone) microphone.close();
    else if (change.microphone) void microphone.open();
    if (!wantsCamera(wish)) camera.close();
    else if (change.camera || change.use || "away" in change) void camera.open();
    draw();
  }
  for (const kind of ["microphone", "camera"] as const) {
    buttons[kind].addEventListener("click", () => {
      // A tap on a blocked device asks again.
      choose({ [kind]: !wish[kind] || devices[kind].state === "blocked" });
    });
  }
  panel.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) choose({ use: target.value as Use });
  });
  joinButton.addEventListener("click", dependencies.join);
  store.follow("otherWaits", () => {
    say(element(page, "who-waits"), store.now.otherWaits ? "isWaiting" : null, { name });
  });

  return {
    draw,
    choose,
    update() {
      const { phase, ready } = store.now;
      const show = phase === "lobby" || phase === "waiting";
      const first = show && !shown;
      shown = show;
      panel.hidden = !show;
      page.getElementById("card")?.classList.toggle("choosing", show);
      if (!show) {
        preview.srcObject = null;
        return;
      }
      joinButton.hidden = ready;
      // The next step is shown at the top.
      if (ready) element(page, "card").scrollTop = 0;
      say(joinButton, phase === "lobby" ? "joinNow" : "iAmReady");
      const next = phase === "lobby" ? null : ready ? "isReady" : "expected";
      say(element(page, "card-text"), next, { name });
      if (first && wish.microphone && wantsCamera(wish)) void devices.openBoth();
      // With a device switched off, open only the other one.
      else if (first) choose({ ...wish });
      draw();
    },
  };
}
