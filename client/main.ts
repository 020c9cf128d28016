/** The page's program: reads what the server wrote, wires the parts, and begins. */
import type { ClientTextKey } from "../supabase/functions/chime-page/page/data.ts";
import { createApi } from "./api.ts";
import { createSound } from "./audio.ts";
import type { DeviceTrouble } from "./device_trouble.ts";
import { createDevices } from "./devices.ts";
import { createLink } from "./link.ts";
import { createLobby } from "./lobby.ts";
import { createBridge, obeyParent } from "./bridge.ts";
import type { ChimePage, DeviceState } from "./chime-page.d.ts";
import { belowFloor } from "./floor.ts";
import { createHost, hasHost, type HostScope } from "./host.ts";
import { createLanguages } from "./languages.ts";
import { legacyWords } from "./legacy_events.ts";
import { readPageData, scrubQuery } from "./page_data.ts";
import { wayToSettings } from "./platform.ts";
import { watchPresence } from "./presence.ts";
import { createReports } from "./reports.ts";
import { createSdkLoader } from "./sdk_loader.ts";
import { createSurface } from "./surface.ts";
import { createTelemetry } from "./telemetry.ts";
import { createView, element, type Phase } from "./view.ts";
import { createVisit } from "./visit.ts";
import { createWakeLock } from "./wake_lock.ts";
import { showLocalTime } from "./when.ts";

declare global {
  // For host apps: the page's ear.
  var chimePage: ChimePage | undefined;
}

const data = readPageData(document);
scrubQuery(location, history);
showLocalTime(document, data.language);

const { texts } = data;
const others = data.people.filter((person) => person.id !== data.self.id);
const other = others.find((person) => person.role === "provider") ?? others[0];
const roleOf = (id: string) => data.people.find((person) => person.id === id)?.role ?? "guest";
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
const host = createHost(globalThis as unknown as HostScope, {
  origins: data.hostOrigins,
  now: () => Date.now(),
  ...(data.legacyEvents ? { legacy: legacyWords(() => meetingId) } : {}),
});
const reports = createReports(host, createWakeLock(globalThis));
const view = createView(document, other?.name ?? "");
const audio = element(document, "audio", HTMLAudioElement);
const sound = createSound(audio, element(document, "hear", HTMLButtonElement));
const devices = createDevices(
  (constraints) => navigator.mediaDevices.getUserMedia(constraints),
  () => lobby?.draw(),
);
const names = new Map<string, string>();
let people = 0;
let otherWaits = false;
const api = createApi(data);
let meetingId = data.join?.meeting.MeetingId ?? "";
let cameraState: DeviceState = "off";
let pausedCamera = false;

const surface = createSurface(document, {
  data,
  host,
  hosted: hasHost(globalThis as unknown as HostScope, data.hostOrigins),
  telemetry,
  view,
  microphone: () => void visit.call?.microphone?.toggle(),
  camera() {
    link.picture();
    void visit.call?.camera?.toggle();
  },
  flip: () => void visit.call?.camera?.flip(),
  saver: (on) => link.use(on ? "saver" : "video"),
  leave: () => visit.leave(),
  endForAll: async () => (await api.end()).ok,
  counted(count) {
    people = count;
    arrange();
  },
});
const { controls, tiles } = surface;
const wide = Math.min(screen.width, screen.height) >= 700;
const link = createLink({
  page: document,
  texts,
  view,
  telemetry,
  wide,
  nameOf,
  report: (quality) => reports.network(quality),
  saved: (on) => surface.menu.saver(on),
});

/** Card or stage: the card speaks whenever there is nobody to look at. */
function arrange(): void {
  const phase = visit.phase;
  const holding = phase === "in-call" || phase === "reconnecting" || phase === "on-hold";
  const alone = people === 0;
  view.cardShown(!holding || alone);
  if (phase === "in-call" && alone && other !== undefined) {
    view.card({ title: otherWaits ? texts.isWaiting : texts.alone });
  }
}

function phaseChanged(phase: Phase, ready: boolean): void {
  lobby?.phase(phase, ready);
  reports.state(phase);
  if (phase === "connecting" && lobby !== null) link.use(lobby.want.use);
  const inCall = phase === "in-call" || phase === "reconnecting" || phase === "on-hold";
  restore.hidden = phase !== "on-hold";
  surface.phase(phase);
  if (phase === "in-call") void sound.play();
  if (!inCall && phase !== "connecting") {
    tiles.clear();
    view.notice(null);
    element(document, "hear", HTMLButtonElement).hidden = true;
  }
  arrange();
  link.phase(phase);
}

const restore = element(document, "restore", HTMLButtonElement);
restore.addEventListener("click", () => {
  void visit.call?.restore();
  void sound.play();
});

const TROUBLE: Readonly<Record<DeviceTrouble, readonly [ClientTextKey, ClientTextKey]>> = {
  refused: ["microphoneRefused", "cameraRefused"],
  missing: ["noMicrophone", "noCamera"],
  busy: ["microphoneBusy", "cameraBusy"],
};

const hosted = hasHost(globalThis as unknown as HostScope, data.hostOrigins);
const way = wayToSettings(
  { userAgent: navigator.userAgent, hosted },
  navigator.maxTouchPoints > 1,
);
const lobby = createLobby({
  page: document,
  texts,
  language: data.language,
  devices,
  wide: Math.min(screen.width, screen.height) >= 700,
  trouble: (kind, trouble) =>
    texts[trouble === "refused" ? way : TROUBLE[trouble][kind === "camera" ? 1 : 0]],
  join: () => visit.join(),
  name: other?.name ?? "",
});

const visit = createVisit({
  data,
  api: {
    ...api,
    join: async () => {
      const joined = await api.join();
      if (joined.ok) meetingId = joined.value.meeting.MeetingId;
      return joined;
    },
  },
  loader: createSdkLoader(document, data.sdk),
  host,
  telemetry,
  view,
  audio,
  devices,
  limits: link.limits,
  want: () => lobby?.want ?? { microphone: true, camera: true },
  supported: typeof RTCPeerConnection === "function" && typeof MediaStream === "function" &&
    !belowFloor(navigator.userAgent),
  sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
  phaseChanged,
  callEvents: {
    microphone(state, trouble) {
      controls.microphone(state);
      reports.device("microphone", state, trouble);
      if (state === "busy") view.notice(texts.microphoneWaiting);
      else view.notice(trouble === undefined ? null : texts[TROUBLE[trouble][0]]);
      telemetry.note("microphone", { state, trouble: trouble ?? "" });
    },
    camera(state, trouble) {
      controls.camera(state);
      surface.menu.camera(state === "on");
      reports.device("camera", state, trouble);
      cameraState = state;
      if (trouble !== undefined) view.notice(texts[TROUBLE[trouble][1]]);
      telemetry.note("camera", { state, trouble: trouble ?? "" });
    },
    roster: {
      joined(id, externalUserId) {
        const name = nameOf(externalUserId);
        names.set(id, name);
        tiles.joined(id, name);
        surface.joined(id, externalUserId);
        reports.joined(id, roleOf(externalUserId));
        view.announce(texts.joined, name);
        void sound.play();
      },
      left(id) {
        tiles.left(id);
        surface.left(id);
        reports.left(id);
        view.announce(texts.gone, names.get(id) ?? texts.guest);
      },
      muted: (id, muted) => tiles.muted(id, muted),
    },
    tileUpdated: (audioVideo, tile) =>
      tiles.update(audioVideo, tile, nameOf(tile.boundExternalUserId ?? "")),
    network: link.events,
    tileRemoved: (tileId) => tiles.removed(tileId),
    opened: surface.opened,
  },
});

const speak = createLanguages(document, {
  data,
  spare: () => view.spare,
  failed: () => view.notice(texts.failedHelp),
  changed: (language) => telemetry.note("language", { language }),
});
const bridge = createBridge({
  answer: (answer) => host.send("answer", answer),
  handlers: {
    "mute": () => visit.call?.microphone?.mute(),
    "unmute": () => void visit.call?.microphone?.unmute(),
    "camera-on": () => void visit.call?.camera?.on(),
    "camera-off": () => void visit.call?.camera?.off(),
    "flip-camera": () => void visit.call?.camera?.flip(),
    "leave": () => visit.leave(),
    "back": () => surface.back(),
    "background": () => {
      pausedCamera = cameraState === "on";
      if (pausedCamera) void visit.call?.camera?.off();
    },
    "foreground": () => {
      if (pausedCamera) void visit.call?.camera?.on();
      pausedCamera = false;
      visit.call?.check();
      if (visit.phase === "in-call") void sound.play();
    },
    "language": (tag) => speak(tag),
  },
});
globalThis.chimePage = bridge;
obeyParent(window, bridge, data.hostOrigins);
for (const event of ["online", "offline"] as const) {
  addEventListener(event, () => {
    link.online(event === "online");
    if (event === "online") visit.online();
  });
}

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
  else {
    visit.call?.check();
    if (visit.phase === "in-call") void sound.play();
  }
});
setInterval(() => telemetry.flush(), 15_000);

// Events of media do not bubble; the first picture of somebody else is when the visit begins to count.
element(document, "stage", HTMLElement).addEventListener(
  "loadeddata",
  () => telemetry.note("first-frame"),
  { capture: true, once: true },
);
void watchPresence({
  api,
  sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
  wanted: () => visit.phase === "lobby" || (visit.phase === "in-call" && people === 0),
  present(ids) {
    otherWaits = other !== undefined && ids.includes(other.id);
    lobby?.otherWaits(otherWaits);
    arrange();
  },
});
telemetry.note("page", { state: data.state, language: data.language });
host.send("state", visit.phase);
visit.begin(data.join);
