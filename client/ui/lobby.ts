/** Before the call: what the person sees of themselves, and how they want to take part. */
import type { Texts } from "../i18n/texts.ts";
import type { Devices } from "../media/devices.ts";
import { megabytesAnHour, topRung } from "../network/data_use.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";
import { mayFilm, type Use, USES, type Wish } from "../media/wish.ts";

/** What the lobby needs. */
export interface LobbyDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  readonly devices: Devices;
  readonly wish: Wish;
  /** Large screens get a larger picture. */
  readonly wide: boolean;
  readonly join: () => void;
  /** Whom the visit is with. */
  readonly name: string;
}

/** The lobby. */
export interface Lobby {
  /** As if the person had tapped, while the lobby is shown. */
  choose(change: Partial<Wish>): void;
  /** Follows the phase. */
  update(): void;
  /** Follows the devices. */
  draw(): void;
}

/** Wires the panel the server rendered; null where the page has no lobby. */
export function createLobby(dependencies: LobbyDependencies): Lobby | null {
  const { page, store, texts: { say }, devices, wish, name } = dependencies;
  const panel = page.getElementById("lobby");
  if (panel === null) return null;
  const look = element<HTMLVideoElement>(page, "look");
  const joinButton = element<HTMLButtonElement>(page, "join");
  const buttons = {
    microphone: element<HTMLButtonElement>(page, "try-mic"),
    camera: element<HTMLButtonElement>(page, "try-camera"),
  };
  let shown = false;

  function draw(): void {
    if (!shown) return;
    const { camera } = devices;
    if (look.srcObject !== camera.stream) look.srcObject = camera.stream;
    look.hidden = camera.state !== "on";
    const frame = look.parentElement;
    // What to do about it needs the room.
    frame?.toggleAttribute("hidden", camera.state === "blocked");
    const facing = camera.stream?.getVideoTracks()[0]?.getSettings().facingMode;
    frame?.classList.toggle("front", facing !== "environment");
    for (const kind of ["microphone", "camera"] as const) {
      buttons[kind].setAttribute("data-state", devices[kind].state);
      buttons[kind].setAttribute("aria-pressed", String(wish[kind]));
    }
    for (const use of USES) {
      const way = page.querySelector<HTMLInputElement>(`[value=${use}]`);
      if (way !== null) way.checked = use === wish.use;
      const top = topRung(use, dependencies.wide);
      // To the next ten: more would look like knowledge.
      const megabytes = Math.round(megabytesAnHour(wish.camera ? top : 0, top) / 10) * 10;
      say(element(page, `cost-${use}`), "perHour", { count: `${megabytes}` });
    }
  }
  function choose(change: Partial<Wish>): void {
    Object.assign(wish, change);
    if (!shown) return;
    const { microphone, camera } = devices;
    if (!wish.microphone) microphone.close();
    else if (change.microphone) void microphone.open();
    if (!mayFilm(wish)) camera.close();
    else if (change.camera || change.use || "away" in change) void camera.open();
    draw();
  }
  for (const kind of ["microphone", "camera"] as const) {
    buttons[kind].addEventListener("click", () => choose({ [kind]: !wish[kind] }));
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
        look.srcObject = null;
        return;
      }
      joinButton.hidden = ready;
      // What happens next stands at the top.
      if (ready) element(page, "card").scrollTop = 0;
      say(joinButton, phase === "lobby" ? "joinNow" : "iAmReady");
      const next = phase === "lobby" ? null : ready ? "isReady" : "expected";
      say(element(page, "card-text"), next, { name });
      if (first && wish.microphone && mayFilm(wish)) void devices.openBoth();
      // Here for the second time: what was switched off stays off.
      else if (first) choose({ ...wish });
      draw();
    },
  };
}
