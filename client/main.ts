/** The page's program: reads what the server wrote, wires the parts, and begins. */
import { createApi } from "./api.ts";
import { createSound } from "./audio.ts";
import type { DeviceTrouble } from "./device_trouble.ts";
import { createControls } from "./controls.ts";
import { createHost, type HostScope } from "./host.ts";
import { readPageData, scrubQuery } from "./page_data.ts";
import { createSdkLoader } from "./sdk_loader.ts";
import { createTelemetry } from "./telemetry.ts";
import { createTiles } from "./tiles.ts";
import { createView, element, type Phase } from "./view.ts";
import { createVisit } from "./visit.ts";
import { showLocalTime } from "./when.ts";

declare global {
  // For host apps: the page's ear. `send` answers whether the page knows the command.
  var chimePage: { send(message: { readonly command: string }): boolean } | undefined;
}

const data = readPageData(document);
scrubQuery(location, history);
showLocalTime(document, data.language);

const { texts } = data;
const others = data.people.filter((person) => person.id !== data.self.id);
const other = others.find((person) => person.role === "provider") ?? others[0];
const nameOf = (id: string) => data.people.find((person) => person.id === id)?.name ?? texts.guest;

const telemetry = createTelemetry({
  session: data.api.session,
  now: () => performance.now(),
  send: (text) => {
    try {
      return navigator.sendBeacon(`${data.api.base}/events`, text);
    } catch {
      return false;
    }
  },
});
const host = createHost(globalThis as unknown as HostScope, data.hostOrigins, () => Date.now());
const view = createView(document, other?.name ?? "");
const audio = element(document, "audio", HTMLAudioElement);
const sound = createSound(audio, element(document, "hear", HTMLButtonElement));
const names = new Map<string, string>();
let people = 0;

const controls = createControls(document, texts, {
  microphone: () => void visit.call?.microphone?.toggle(),
  camera: () => void visit.call?.camera?.toggle(),
  leave: () => visit.leave(),
});
const tiles = createTiles({
  stage: element(document, "stage", HTMLElement),
  self: element(document, "self", HTMLElement),
  selfVideo: element(document, "self-video", HTMLVideoElement),
  mutedText: texts.muted,
  counted(count) {
    people = count;
    arrange();
  },
});

/** Card or stage: the card speaks whenever there is nobody to look at. */
function arrange(): void {
  const phase = visit.phase;
  const holding = phase === "in-call" || phase === "reconnecting";
  const alone = people === 0;
  view.cardShown(!holding || alone);
  if (phase === "in-call" && alone && other !== undefined) {
    view.card({ title: texts.alone });
  }
}

function phaseChanged(phase: Phase): void {
  const inCall = phase === "in-call" || phase === "reconnecting";
  controls.shown(inCall ? "call" : phase === "left" || phase === "ended" ? "none" : "leave");
  if (phase === "in-call") void sound.play();
  if (!inCall && phase !== "connecting") {
    tiles.clear();
    view.notice(null);
    element(document, "hear", HTMLButtonElement).hidden = true;
  }
  arrange();
}

const TROUBLE: Readonly<Record<DeviceTrouble, readonly [microphone: string, camera: string]>> = {
  refused: [texts.microphoneRefused, texts.cameraRefused],
  missing: [texts.noMicrophone, texts.noCamera],
  busy: [texts.microphoneBusy, texts.cameraBusy],
};

const visit = createVisit({
  data,
  api: createApi(data),
  loader: createSdkLoader(document, data.sdk),
  host,
  telemetry,
  view,
  audio,
  supported: typeof RTCPeerConnection === "function" && typeof MediaStream === "function",
  sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
  phaseChanged,
  callEvents: {
    microphone(state, trouble) {
      controls.microphone(state);
      if (state === "busy") view.notice(texts.microphoneWaiting);
      else view.notice(trouble === undefined ? null : TROUBLE[trouble][0]);
      telemetry.note("microphone", { state, trouble: trouble ?? "" });
    },
    camera(state, trouble) {
      controls.camera(state);
      if (trouble !== undefined) view.notice(TROUBLE[trouble][1]);
      telemetry.note("camera", { state, trouble: trouble ?? "" });
    },
    roster: {
      joined(id, externalUserId) {
        const name = nameOf(externalUserId);
        names.set(id, name);
        tiles.joined(id, name);
        view.announce(texts.joined, name);
        void sound.play();
      },
      left(id) {
        tiles.left(id);
        view.announce(texts.gone, names.get(id) ?? texts.guest);
      },
      muted: (id, muted) => tiles.muted(id, muted),
    },
    tileUpdated: (audioVideo, tile) =>
      tiles.update(audioVideo, tile, nameOf(tile.boundExternalUserId ?? "")),
    tileRemoved: (tileId) => tiles.removed(tileId),
  },
});

const COMMANDS: Readonly<Record<string, () => void>> = {
  "mute": () => visit.call?.microphone?.mute(),
  "unmute": () => void visit.call?.microphone?.unmute(),
  "camera-on": () => void visit.call?.camera?.on(),
  "camera-off": () => void visit.call?.camera?.off(),
  "leave": () => visit.leave(),
};
globalThis.chimePage = {
  send(message) {
    const known = Object.prototype.hasOwnProperty.call(COMMANDS, message?.command);
    if (known) COMMANDS[message.command]?.();
    return known;
  },
};

addEventListener("pagehide", () => {
  telemetry.note("page-hidden", { phase: visit.phase });
  telemetry.flush();
  visit.abandon();
});
addEventListener("pageshow", (event) => {
  // Back from the browser's memory of pages: the old session is gone, fresh credentials are not.
  if (event.persisted) visit.begin(null);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") telemetry.flush();
  else if (visit.phase === "in-call") void sound.play();
});
setInterval(() => telemetry.flush(), 15_000);

telemetry.note("page", { state: data.state, language: data.language });
visit.begin(data.join);
