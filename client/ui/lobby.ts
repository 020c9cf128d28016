/**
 * The lobby: camera preview, device buttons and the Join button. The in-call bundle adds data use,
 * device lists, sound checks and the waiting room.
 */
import type { Texts } from "../i18n/texts.ts";
import type { Devices } from "../media/devices.ts";
import { wantsCamera, type Wish } from "../media/wish.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";

export interface LobbyDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  readonly devices: Devices;
  readonly wish: Wish;
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
    const facing = camera.stream?.getVideoTracks()[0]?.getSettings().facingMode;
    preview.classList.toggle("front", facing !== "environment");
    for (const kind of ["microphone", "camera"] as const) {
      buttons[kind].setAttribute("data-state", devices[kind].state);
      buttons[kind].setAttribute("aria-pressed", String(wish[kind]));
    }
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
  joinButton.addEventListener("click", dependencies.join);

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
      const next = phase === "lobby" ? null : ready ? "nextWaiting" : "expected";
      say(element(page, "card-text"), next, { name });
      if (first && wish.microphone && wantsCamera(wish)) void devices.openBoth();
      // With a device switched off, open only the other one.
      else if (first) choose({ ...wish });
      draw();
    },
  };
}
