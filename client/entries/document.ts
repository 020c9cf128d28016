/** The script in the document: reads what the server wrote, connects the parts, and begins. */
import { belowFloor } from "../../supabase/functions/chime-page/contract/browser_floor.ts";
import { spoken } from "../../supabase/functions/chime-page/contract/languages.ts";
import type { ChimePage } from "../bridge/chime-page.d.ts";
import { createBridge, obeyParent } from "../bridge/commands.ts";
import { createHost, hasHost, type HostScope } from "../bridge/events.ts";
import { legacyWords } from "../bridge/legacy_events.ts";
import { createTexts } from "../i18n/texts.ts";
import { createDevices } from "../media/devices.ts";
import { createWakeLock } from "../media/wake_lock.ts";
import { keepWish, keptWish, type Wish } from "../media/wish.ts";
import type { InCall } from "../ui/in_call.ts";
import type { BundleDependencies, Unpacked } from "../ui/in_call_bundle.ts";
import { createLobby } from "../ui/lobby.ts";
import { applyTheme } from "../ui/theme.ts";
import { createView, element } from "../ui/view.ts";
import { showLocalTime } from "../ui/visit_time.ts";
import { createApi } from "../visit/api.ts";
import { createVisit } from "../visit/controller.ts";
import { markTab, readPageData } from "../visit/page_data.ts";
import { HOLDING, OVER, STOPPED } from "../visit/phases.ts";
import { createReports } from "../visit/reports.ts";
import { createLoader } from "../visit/script_loader.ts";
import { firstState } from "../visit/state_machine.ts";
import { createStore, type VisitState } from "../visit/store.ts";
import { createTelemetry } from "../visit/telemetry.ts";

declare global {
  // For host apps: takes their commands.
  var chimePage: ChimePage | undefined;
}

const data = readPageData(document);
markTab(location, history, data.tab);
applyTheme(document);
showLocalTime(document, data.language);

const texts = createTexts(data.texts);
const others = data.people.filter((person) => person.id !== data.self.id);
const other = others.find((person) => person.role === "provider") ?? others[0];
const name = other?.name ?? "";
const sleep = (seconds: number) => new Promise<void>((done) => setTimeout(done, seconds * 1000));
const part = (id: string) => element(document, id);

const first = firstState(data.state === "waiting", data.lobby);
const store = createStore(first, data.language);
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
  ...(data.legacyEvents ? { legacy: legacyWords(() => visit.place?.meeting.MeetingId ?? "") } : {}),
});
const reports = createReports(host, createWakeLock(globalThis));
const waits = data.state === "waiting" && other ? "nextWaiting" : "nextOpen";
const view = createView(document, store, texts, {
  title: other ? "visitWith" : "visit",
  // In a lobby the lobby says what comes next, by what the person has done so far.
  ...(data.lobby ? {} : { text: waits }),
}, name);
const devices = createDevices(
  (constraints) => navigator.mediaDevices.getUserMedia(constraints),
  () => {
    lobby?.draw();
    unpacked?.draw();
  },
);
const wide = Math.min(screen.width, screen.height) >= 700;
const api = createApi(data.api, () => store.now.language);
const wishKey = data.api.base + data.self.id;
const wish = keptWish(wishKey);
let inCall: InCall | null = null;
let unpacked: Unpacked | undefined;
/** A language that the host asked for before the other strings were here. */
let wanted = "";
const shared: BundleDependencies = {
  page: document,
  data,
  store,
  texts,
  view,
  devices,
  telemetry,
  api,
  sleep,
  wish,
  hosted,
  other,
};

/** Card or stage: the card is there whenever there is nobody to look at. */
function arrange(): void {
  const { phase, people, otherWaits } = store.now;
  const alone = people === 0;
  view.cardShown(!HOLDING.includes(phase) || alone);
  if (phase === "in-call" && alone && other !== undefined) {
    view.card({ title: otherWaits ? "isWaiting" : "alone" });
  }
}

/** In this order: what has the focus must be gone before the card looks where it went. */
function screenChanged(before: VisitState): void {
  const { phase } = store.now;
  const over = OVER.includes(phase);
  lobby?.update();
  unpacked?.draw();
  reports.state(phase);
  part("leave").hidden = over;
  part("after").hidden = !over || !hosted;
  inCall?.draw(before);
  arrange();
}
store.follow("screen", screenChanged);
store.follow("people", arrange);
store.follow("otherWaits", arrange);

const lobby = createLobby({
  page: document,
  store,
  texts,
  devices,
  wish,
  wide,
  join: () => visit.join(),
  name,
});

const visit = createVisit(first, {
  data,
  store,
  api,
  loader: createLoader(document, data.sdk, () => globalThis.chimeCallFile, (file) => {
    unpacked ??= file.unpack(shared);
    if (wanted) unpacked.speak(wanted);
    wanted = "";
  }),
  host,
  telemetry,
  devices,
  supported: typeof RTCPeerConnection === "function" && typeof MediaStream === "function" &&
    !belowFloor(navigator.userAgent),
  sleep,
  arrived({ sdk, file }) {
    inCall = file.createInCall({
      ...shared,
      sdk,
      host,
      wide,
      reports,
      leave: () => visit.leave(),
      endForAll: async () => (await api.end()).ok,
    });
    inCall.draw(store.now);
    return inCall;
  },
});
part("leave").addEventListener("click", () => inCall?.asksToLeave() || visit.leave());
part("done").hidden = !hosted;
part("done").addEventListener("click", () => host.send("close", "USER_DONE"));

/** What the host chooses for the person: in a call and in the lobby at once, else for the next call. */
const choose = (change: Partial<Wish>) => {
  Object.assign(wish, change);
  if (wish.away) devices.camera.close();
  if (!visit.call) lobby?.choose(change);
  else if ("microphone" in change) void visit.call.microphone[wish.microphone ? "on" : "off"]();
  else if ("camera" in change) void visit.call.camera[wish.camera ? "on" : "off"]();
  else void visit.call.camera.follow();
};
const bridge = createBridge({
  answer: (answer) => host.send("answer", answer),
  handlers: {
    "mute": () => choose({ microphone: false }),
    "unmute": () => choose({ microphone: true }),
    "camera-on": () => choose({ camera: true }),
    "camera-off": () => choose({ camera: false }),
    "flip-camera": () => visit.call ? void visit.call.camera.flip() : false,
    "leave": () => visit.leave(),
    "back": () => unpacked?.more.close() || inCall?.back() === true,
    "background": () => choose({ away: true }),
    "foreground": () => {
      choose({ away: false });
      inCall?.listen();
    },
    "language": (tag) => {
      if (unpacked) return unpacked.speak(tag);
      wanted = tag;
      return !!spoken(tag);
    },
  },
});
globalThis.chimePage = bridge;
obeyParent(window, bridge, data.hostOrigins);
for (const event of ["online", "offline"] as const) {
  addEventListener(event, () => {
    const online = event === "online";
    reports.network(online ? "good" : "offline");
    view.notice(online ? null : "offline");
    if (online) visit.online();
  });
}

/** The page may be gone without another word: a phone ends what is in the background. */
const keep = () => {
  keepWish(wishKey, wish);
  telemetry.flush();
};
addEventListener("pagehide", () => {
  telemetry.note("page-hidden", { phase: store.now.phase });
  keep();
  visit.abandon();
});
addEventListener("pageshow", (event) => {
  // Back from the browser's memory of pages: the old session is gone, fresh credentials are not.
  // What was over stays over: nobody is taken into a call by a step back.
  if (event.persisted && !STOPPED.includes(store.now.phase)) visit.begin(null);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep();
  else inCall?.listen();
});
setInterval(keep, 15_000);

telemetry.note("page", { state: data.state, language: data.language });
host.send("state", store.now.phase);
visit.begin(data.join);
