/** The document's script: reads the page data, creates the modules and starts the visit. */
import { belowFloor } from "../../supabase/functions/chime-page/contract/browser_floor.ts";
import { counterpart } from "../../supabase/functions/chime-page/contract/counterpart.ts";
import { spoken } from "../../supabase/functions/chime-page/contract/languages.ts";
import type { ChimePage } from "../bridge/chime-page.d.ts";
import { createBridge, listenToParent } from "../bridge/commands.ts";
import { createHost, hasHost, type HostScope } from "../bridge/events.ts";
import { createLegacyEvents } from "../bridge/legacy_events.ts";
import { createTexts } from "../i18n/texts.ts";
import { createDevices } from "../media/devices.ts";
import { createWakeLock } from "../media/wake_lock.ts";
import { loadWish, saveWish, type Wish } from "../media/wish.ts";
import type { InCall, InCallFile } from "../ui/in_call.ts";
import type { BundleDependencies, InstalledLobby } from "../ui/lobby_bundle.ts";
import { createLobby } from "../ui/lobby.ts";
import { applyTheme } from "../ui/theme.ts";
import { createView, element } from "../ui/view.ts";
import { createApi } from "../visit/api.ts";
import { createVisit } from "../visit/controller.ts";
import { markTab, readPageData } from "../visit/page_data.ts";
import { IN_CALL, OVER, STOPPED } from "../visit/phases.ts";
import { createReports } from "../visit/reports.ts";
import { createLoader } from "../visit/script_loader.ts";
import { firstState } from "../visit/state_machine.ts";
import { createStore, type VisitState } from "../visit/store.ts";
import { createTelemetry } from "../visit/telemetry.ts";

declare global {
  // Receives commands from host apps.
  var chimePage: ChimePage | undefined;
}

const data = readPageData(document);
markTab(location, history, data.query);
applyTheme(document);

const texts = createTexts(data.texts);
const other = counterpart(data.people, data.self.id);
const name = other?.name ?? "";
const sleep = (seconds: number) => new Promise<void>((done) => setTimeout(done, seconds * 1000));
const byId = (id: string) => element(document, id);

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
const meetingId = () => visit.place?.meeting.MeetingId ?? "";
let endedHere = "";
const scope = globalThis as unknown as HostScope;
const hosted = hasHost(scope, data.hostOrigins);
const host = createHost(scope, {
  origins: data.hostOrigins,
  now: () => Date.now(),
  ...(data.legacyEvents ? { legacy: createLegacyEvents(meetingId, () => endedHere) } : {}),
});
const reports = createReports(host, createWakeLock(globalThis));
const waitingText = data.state === "waiting" && other ? "nextWaiting" : "nextOpen";
const view = createView(document, store, texts, {
  title: other ? "visitWith" : "visit",
  // The server has counted the people of a group.
  name: byId("heading").textContent ?? "",
  // In the lobby, the lobby sets this text.
  ...(data.lobby ? {} : { text: waitingText }),
}, name);
const devices = createDevices(
  (constraints) => navigator.mediaDevices.getUserMedia(constraints),
  () => {
    lobby?.draw();
    bundle?.draw();
  },
);
const wide = Math.min(screen.width, screen.height) >= 700;
const api = createApi(data.api, () => store.now.language, store);
const wishKey = data.api.base + data.self.id;
const wish = loadWish(wishKey);
let inCall: InCall | null = null;
let bundle: InstalledLobby | undefined;
/** Language requested by the host before the lobby bundle was loaded. */
let requestedLanguage = "";
const bundleDependencies: BundleDependencies = {
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
  wide,
  choose: (change) => choose(change),
};

/** Shows the card outside of calls and while nobody else is in the call. */
function updateCard(): void {
  const { phase, people, counterpart } = store.now;
  const alone = people === 0;
  view.cardShown(!IN_CALL.includes(phase) || alone);
  if (phase === "in-call" && alone && other !== undefined) {
    view.card({ title: counterpart ?? "alone" });
  }
}

/** Updates the page. The card comes last: it takes the focus if the focused element is gone. */
function onScreenChange(before: VisitState): void {
  const { phase } = store.now;
  const over = OVER.includes(phase);
  lobby?.update();
  bundle?.draw();
  reports.state(phase);
  byId("leave").hidden = over;
  byId("after").hidden = !over || !hosted;
  inCall?.draw(before);
  updateCard();
}
store.follow("screen", onScreenChange);
store.follow("people", updateCard);
store.follow("counterpart", updateCard);

const lobby = createLobby({
  page: document,
  store,
  texts,
  devices,
  wish,
  join: () => visit.join(),
  name,
});

const visit = createVisit(first, {
  data,
  store,
  api,
  loader: createLoader(document, data.sdk, {
    "lobby-part": () => globalThis.chimeLobbyFile,
    "call-part": () => globalThis.chimeCallFile,
  }, () => {
    const { chimeLobbyFile, chimeCallFile, ChimeSDK: sdk } = globalThis;
    if (chimeLobbyFile === undefined) return;
    const installed = bundle ??= chimeLobbyFile.install(bundleDependencies);
    if (requestedLanguage) bundle.setLanguage(requestedLanguage);
    requestedLanguage = "";
    if (chimeCallFile === undefined) return;
    const ui = () => inCall ??= createUi(chimeCallFile, installed);
    // While the SDK's file is on its way; if it has arrived, after its connection is requested.
    setTimeout(ui);
    return sdk && {
      open: (place) => chimeCallFile.openSession(sdk, place),
      start: (start) => ui().start(sdk, start),
    };
  }),
  host,
  telemetry,
  devices,
  supported: typeof RTCPeerConnection === "function" && typeof MediaStream === "function" &&
    !belowFloor(navigator.userAgent),
  sleep,
});
function createUi(file: InCallFile, lobbyBundle: InstalledLobby): InCall {
  const ui = file.createInCall({
    ...bundleDependencies,
    lobby: lobbyBundle,
    host,
    reports,
    leave: () => visit.leave(),
    endForAll() {
      // Before the answer: Chime may report the end first.
      endedHere = meetingId();
      return api.end().then(({ ok }) => {
        if (!ok) endedHere = "";
        return ok;
      });
    },
  });
  ui.draw(store.now);
  return ui;
}
byId("leave").addEventListener("click", () => inCall?.asksToLeave() || visit.leave());
byId("done").hidden = !hosted;
byId("done").addEventListener("click", () => host.send("close", "USER_DONE"));

/** Applies a choice made through the host: now if in the lobby or a call, else in the next call. */
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
    "back": () => bundle?.more.close() || inCall?.back() === true,
    "background": () => choose({ away: true }),
    "foreground": () => {
      choose({ away: false });
      inCall?.resumeAudio();
    },
    "language": (tag) => {
      if (bundle) return bundle.setLanguage(tag);
      requestedLanguage = tag;
      return !!spoken(tag);
    },
  },
});
globalThis.chimePage = bridge;
listenToParent(window, bridge, data.hostOrigins);
for (const event of ["online", "offline"] as const) {
  addEventListener(event, () => {
    const online = event === "online";
    // Cleared first, because what follows from being online may have a notice of its own.
    if (online) view.clearNotice("offline");
    else view.notice("offline");
    store.set({ offline: !online });
    reports.network(online ? "good" : "offline");
    if (online) visit.online();
  });
}

/** Runs often, because phones end background pages without notice. */
const save = () => {
  saveWish(wishKey, wish);
  telemetry.flush();
};
addEventListener("pagehide", () => {
  telemetry.note("page-hidden", { phase: store.now.phase });
  save();
  visit.abandon();
});
addEventListener("pageshow", (event) => {
  // Restored from the back/forward cache: the session is gone, so start over with new credentials.
  // A visit that was over stays over, so that going back never joins a call.
  if (event.persisted && !STOPPED.includes(store.now.phase)) visit.begin(null);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
  else inCall?.resumeAudio();
});
setInterval(save, 15_000);

telemetry.note("page", { state: data.state, language: data.language });
host.send("state", store.now.phase);
visit.begin(data.join);
