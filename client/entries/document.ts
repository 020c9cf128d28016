/** The document's program: reads what the server wrote, wires the parts, and begins. */
import { createApi } from "../visit/api.ts";
import { createBridge, obeyParent } from "../bridge/commands.ts";
import type { CallPart } from "../ui/in_call.ts";
import { TROUBLES } from "../media/device_error.ts";
import type { ChimePage } from "../bridge/chime-page.d.ts";
import { createDevices } from "../media/devices.ts";
import { belowFloor } from "../visit/browser_floor.ts";
import { createHost, hasHost, type HostScope } from "../bridge/events.ts";
import { legacyWords } from "../bridge/legacy_events.ts";
import { createLoader } from "../visit/script_loader.ts";
import { createLobby } from "../ui/lobby.ts";
import { allTexts, markTab, readPageData } from "../visit/page_data.ts";
import type { ParcelPorts, Unpacked } from "../ui/in_call_bundle.ts";
import { HOLDING } from "../visit/phases.ts";
import { wayToSettings } from "../media/platform.ts";
import { watchPresence } from "../visit/presence.ts";
import { createReports } from "../visit/reports.ts";
import { createTelemetry } from "../visit/telemetry.ts";
import { applyTheme } from "../ui/theme.ts";
import { createView, element, type Phase } from "../ui/view.ts";
import { createVisit } from "../visit/controller.ts";
import { createWakeLock } from "../media/wake_lock.ts";
import { showLocalTime, showTime } from "../ui/visit_time.ts";
import { keepWish, keptWish } from "../media/wish.ts";

declare global {
  // For host apps: the page's ear.
  var chimePage: ChimePage | undefined;
}

const data = readPageData(document);
markTab(location, history, data.tab);
applyTheme(document);
showLocalTime(document, data.language);

const { texts } = data;
const others = data.people.filter((person) => person.id !== data.self.id);
const other = others.find((person) => person.role === "provider") ?? others[0];
const name = other?.name ?? "";
const sleep = (seconds: number) => new Promise<void>((done) => setTimeout(done, seconds * 1000));
const part = (id: string) => element(document, id);

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
const scope = globalThis as unknown as HostScope;
const hosted = hasHost(scope, data.hostOrigins);
const host = createHost(scope, {
  origins: data.hostOrigins,
  now: () => Date.now(),
  ...(data.legacyEvents ? { legacy: legacyWords(() => meetingId) } : {}),
});
const reports = createReports(host, createWakeLock(globalThis));
const view = createView(document, name);
const devices = createDevices(
  (constraints) => navigator.mediaDevices.getUserMedia(constraints),
  () => {
    lobby?.draw();
    unpacked?.draw();
  },
);
const wide = Math.min(screen.width, screen.height) >= 700;
const api = createApi(data);
let meetingId = data.join?.meeting.MeetingId ?? "";
let people = 0;
let otherWaits = false;
let callPart: CallPart | null = null;
const wishKey = data.api.base + data.self.id;
const wish = keptWish(wishKey);
/** A language that the host asked for before the other words were here. */
let wanted = "";
let unpacked: Unpacked | undefined;
const parcelPorts: ParcelPorts = {
  page: document,
  data,
  view,
  devices,
  telemetry,
  sayTime: (language) => showTime(document, language),
};

/** Tags of the languages that the page speaks. */
const SPOKEN = /^(?:en|fr|ar|pt|es|sw)(?![a-z])/i;

/** Card or stage: the card speaks whenever there is nobody to look at. */
function arrange(): void {
  const phase = visit.phase;
  const holding = HOLDING.includes(phase);
  const alone = people === 0;
  view.cardShown(!holding || alone);
  if (phase === "in-call" && alone && other !== undefined) {
    view.card({ title: otherWaits ? texts.isWaiting : allTexts(data).alone });
  }
}

function phaseChanged(phase: Phase, ready: boolean): void {
  const over = phase === "left" || phase === "ended";
  lobby?.phase(phase, ready);
  unpacked?.draw();
  reports.state(phase);
  part("leave").hidden = over;
  part("after").hidden = !over || !hosted;
  callPart?.phase(phase);
  arrange();
}

const way = wayToSettings(
  { userAgent: navigator.userAgent, hosted },
  navigator.maxTouchPoints > 1,
);
const lobby = createLobby({
  page: document,
  texts,
  devices,
  wish,
  wide,
  trouble: (kind, trouble) =>
    texts[trouble === "refused" ? way : TROUBLES[trouble][kind === "camera" ? 1 : 0]],
  join: () => visit.join(),
  name,
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
  loader: createLoader(document, data.sdk, (file) => {
    unpacked ??= file.unpack(parcelPorts);
    if (wanted) unpacked.speak(wanted);
    wanted = "";
  }),
  host,
  telemetry,
  view,
  devices,
  supported: typeof RTCPeerConnection === "function" && typeof MediaStream === "function" &&
    !belowFloor(navigator.userAgent),
  sleep,
  phaseChanged,
  arrived({ sdk, file }) {
    callPart = file.createCallPart({
      ...parcelPorts,
      sdk,
      wish,
      host,
      hosted,
      wide,
      reports,
      trouble: TROUBLES,
      leave: () => visit.leave(),
      endForAll: async () => (await api.end()).ok,
      counted(count) {
        people = count;
        arrange();
      },
    });
    callPart.phase(visit.phase);
    return callPart;
  },
});
part("leave").addEventListener("click", () => callPart?.asksToLeave() || visit.leave());
part("done").hidden = !hosted;
part("done").addEventListener("click", () => host.send("close", "USER_DONE"));

/** In a call and in the lobby at once; at any other time it is kept for the next call. */
const device = (kind: "microphone" | "camera", on: boolean) => () => {
  wish[kind] = on;
  if (visit.call) void visit.call[kind][on ? "on" : "off"]();
  else lobby?.choose({ [kind]: on });
};
const goAway = (away: boolean) => {
  wish.away = away;
  if (away) devices.camera.close();
  void visit.call?.camera.follow();
  lobby?.choose({ away });
};
const bridge = createBridge({
  answer: (answer) => host.send("answer", answer),
  handlers: {
    "mute": device("microphone", false),
    "unmute": device("microphone", true),
    "camera-on": device("camera", true),
    "camera-off": device("camera", false),
    "flip-camera": () => visit.call ? void visit.call.camera.flip() : false,
    "leave": () => visit.leave(),
    "back": () => unpacked?.more.close() || callPart?.back() === true,
    "background": () => goAway(true),
    "foreground": () => {
      goAway(false);
      callPart?.listen();
    },
    "language": (tag) => {
      if (unpacked) return unpacked.speak(tag);
      wanted = tag;
      return SPOKEN.test(tag);
    },
  },
});
globalThis.chimePage = bridge;
obeyParent(window, bridge, data.hostOrigins);
for (const event of ["online", "offline"] as const) {
  addEventListener(event, () => {
    const online = event === "online";
    reports.network(online ? "good" : "offline");
    view.notice(online ? null : texts.offline);
    if (online) visit.online();
  });
}

/** The page may be gone without another word: a phone ends what is in the background. */
const keep = () => {
  keepWish(wishKey, wish);
  telemetry.flush();
};
addEventListener("pagehide", () => {
  telemetry.note("page-hidden", { phase: visit.phase });
  keep();
  visit.abandon();
});
addEventListener("pageshow", (event) => {
  // Back from the browser's memory of pages: the old session is gone, fresh credentials are not.
  // What was over stays over: nobody is taken into a call by a step back.
  if (event.persisted && !/left|ended|elsewhere|failed/.test(visit.phase)) visit.begin(null);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep();
  else callPart?.listen();
});
setInterval(keep, 15_000);

telemetry.note("page", { state: data.state, language: data.language });
host.send("state", visit.phase);
visit.begin(data.join);
// The first question is for the phase the visit began in.
void watchPresence({
  api,
  sleep,
  wanted: () => visit.phase === "lobby" || (visit.phase === "in-call" && people === 0),
  present(ids) {
    otherWaits = other !== undefined && ids.includes(other.id);
    lobby?.otherWaits(otherWaits);
    arrange();
  },
});
