/** Before the call: what the person sees of themselves, and how they want to take part. */
import type { DocumentTexts } from "../supabase/functions/chime-page/page/data.ts";
import type { DeviceTrouble } from "./device_trouble.ts";
import type { Devices } from "./devices.ts";
import { megabytesAnHour } from "./quality.ts";
import { element, type Phase } from "./view.ts";
import { write } from "./words.ts";

/** How much of the call a person takes. */
export type Use = "video" | "saver" | "sound";

/** The highest rung of a way to take part. */
export function topRung(use: Use, wide: boolean): number {
  if (use === "video") return wide ? 3 : 2;
  return use === "saver" ? 1 : 0;
}

/** What the lobby needs. */
export interface LobbyPorts {
  readonly page: Document;
  readonly texts: DocumentTexts;
  readonly devices: Devices;
  /** Large screens get a larger picture. */
  readonly wide: boolean;
  readonly trouble: (kind: "microphone" | "camera", trouble: DeviceTrouble) => string;
  readonly join: () => void;
  /** Whom the visit is with. */
  readonly name: string;
}

/** The lobby; a page without one wants everything. */
export interface Lobby {
  readonly want: { readonly microphone: boolean; readonly camera: boolean; readonly use: Use };
  /** As if the person had tapped; answers whether there is a lobby to tap in at the moment. */
  choose(change: { readonly microphone?: boolean; readonly camera?: boolean }): boolean;
  /** Follows the visit. */
  phase(phase: Phase, ready: boolean): void;
  /** Follows the devices. */
  draw(): void;
  /** Whether the other one is waiting; for the person who has not come in yet. */
  otherWaits(waits: boolean): void;
}

const USES: readonly Use[] = ["video", "saver", "sound"];

/** Wires the panel the server rendered; null where the page has no lobby. */
export function createLobby(ports: LobbyPorts): Lobby | null {
  const { page, texts, devices } = ports;
  const panel = page.getElementById("lobby");
  if (panel === null) return null;
  const look = element<HTMLVideoElement>(page, "look");
  const joinButton = element<HTMLButtonElement>(page, "join");
  const buttons = {
    microphone: element<HTMLButtonElement>(page, "try-mic"),
    camera: element<HTMLButtonElement>(page, "try-camera"),
  };
  let want: Lobby["want"] = { microphone: true, camera: true, use: "video" };
  let shown = false;

  function draw(): void {
    if (!shown) return;
    const { camera } = devices;
    if (look.srcObject !== camera.stream) look.srcObject = camera.stream;
    look.hidden = camera.state !== "on";
    // What to do about it needs the room.
    look.parentElement?.toggleAttribute("hidden", camera.state === "blocked");
    const facing = camera.stream?.getVideoTracks()[0]?.getSettings().facingMode;
    look.parentElement?.classList.toggle("front", facing !== "environment");
    const help: string[] = [];
    for (const kind of ["microphone", "camera"] as const) {
      const { state, trouble } = devices[kind];
      buttons[kind].setAttribute("data-state", state);
      buttons[kind].setAttribute("aria-pressed", String(want[kind]));
      if (trouble && want[kind]) help.push(ports.trouble(kind, trouble));
    }
    write(element(page, "lobby-help"), help[0] ?? "");
    for (const use of USES) {
      const top = topRung(use, ports.wide);
      // To the next ten: more would look like knowledge.
      const megabytes = Math.round(megabytesAnHour(want.camera ? top : 0, top) / 10) * 10;
      element(page, `cost-${use}`).textContent = texts.perHour.replace("{count}", `${megabytes}`);
    }
  }
  function choose(change: Partial<Lobby["want"]>): void {
    want = { ...want, ...change };
    const { microphone, camera } = devices;
    if (!want.microphone) microphone.close();
    else if (change.microphone) void microphone.open();
    if (!want.camera || want.use === "sound") camera.close();
    else if (change.camera || change.use) void camera.open();
    draw();
  }
  for (const kind of ["microphone", "camera"] as const) {
    buttons[kind].addEventListener("click", () => choose({ [kind]: !want[kind] }));
  }
  panel.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) choose({ use: target.value as Use });
  });
  joinButton.addEventListener("click", ports.join);

  return {
    get want() {
      return { ...want, camera: want.camera && want.use !== "sound" };
    },
    draw,
    choose(change) {
      if (shown) choose(change);
      return shown;
    },
    phase(phase, ready) {
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
      joinButton.textContent = phase === "lobby" ? texts.joinNow : texts.iAmReady;
      const next = phase === "lobby" ? "" : ready ? texts.isReady : texts.expected;
      write(element(page, "card-text"), next, ports.name);
      if (first && want.microphone && want.camera && want.use !== "sound") void devices.openBoth();
      // Here for the second time: what was switched off stays off.
      else if (first) choose(want);
      draw();
    },
    otherWaits(waits) {
      write(element(page, "who-waits"), waits ? texts.isWaiting : "", ports.name);
    },
  };
}
