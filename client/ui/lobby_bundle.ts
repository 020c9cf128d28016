/** The lobby bundle: everything around a call, such as waiting room, lobby, language and rating. */
import type {
  BundleContent,
  EventBatch,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api } from "../visit/api.ts";
import { followCounterpart, followSelf, sayGoodbye, watchPresence } from "../visit/presence.ts";
import type { Store } from "../visit/store.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Wish } from "../media/wish.ts";
import { createLanguageSwitch } from "./language_switch.ts";
import type { Devices } from "../media/devices.ts";
import { connectKeys } from "./keys.ts";
import { createDataUseMenu } from "./data_use_menu.ts";
import { followEnd } from "./ended_card.ts";
import { followTitle } from "./page_title.ts";
import { createLobbyDevices, deviceLists } from "./lobby_devices.ts";
import { createSoundCheck } from "./sound_check.ts";
import { createTones, type Tones } from "../media/tones.ts";
import { createWaitingRoom } from "./waiting_room.ts";
import { deviceHelp } from "./device_help.ts";
import { watchPrompt } from "../media/permission.ts";
import { createFeedback, type Feedback } from "./feedback.ts";
import { hintWhileMuted } from "./muted_hint.ts";
import { createSheet, type Sheet } from "./sheet.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { createThemeMenu } from "./theme.ts";
import { showLocalTime, showTime, timeOfDay } from "./visit_time.ts";
import { element, type View } from "./view.ts";

/** What the document's script passes to the bundles. */
export interface BundleDependencies {
  readonly page: Document;
  readonly data: VisitPageData;
  readonly store: Store;
  readonly texts: Texts;
  readonly view: View;
  readonly devices: Devices;
  readonly telemetry: Telemetry;
  readonly api: Api;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly wish: Wish;
  /** Whether a host app or site listens. */
  readonly hosted: boolean;
  /** The person the visit is with. */
  readonly other: Person | undefined;
  /** Whether the screen is large enough for 540p. */
  readonly wide: boolean;
  /** Changes the wish, and the devices in the lobby or the call. */
  readonly choose: (change: Partial<Wish>) => void;
}

/** What the lobby bundle offers to the document and to the in-call bundle. */
export interface InstalledLobby {
  /** Adds another bundle's style, markup and texts, in the current language. */
  readonly insert: (content: BundleContent) => void;
  /** Changes the language by its tag; returns whether the page supports it. */
  readonly setLanguage: (tag: string) => boolean;
  /** Updates the lobby and the waiting room after a change of a device or the phase. */
  readonly draw: () => void;
  readonly tones: Tones;
  readonly feedback: Feedback;
  readonly deviceLists: typeof deviceLists;
  readonly deviceHelp: typeof deviceHelp;
  /** Formats a time of day in milliseconds since 1970. */
  readonly timeOfDay: (at: number) => string;
  /** The More sheet: language and theme at any time, the rest during a call. */
  readonly more: Sheet;
  readonly createSheet: typeof createSheet;
}

/**
 * Follows who is here, shows it, and says when this page is gone.
 * @returns see `followTitle`
 */
function followPresence(dependencies: BundleDependencies) {
  const { page, data, store, texts } = dependencies;
  const id = Math.random().toString(36).slice(2, 12);
  followSelf(store, id);
  followCounterpart(store, dependencies.other);
  const callAttention = followTitle(page, store, texts);
  followEnd(page, store, texts, data);
  sayGoodbye(store, globalThis, () => {
    const { base, session } = data.api;
    const goodbye: EventBatch = { session, events: [], gone: id };
    try {
      navigator.sendBeacon(`${base}/events`, JSON.stringify(goodbye));
    } catch {
      // Refused by the browser. The server notices after 30 seconds.
    }
  });
  void watchPresence(dependencies);
  return callAttention;
}

/** Global of the lobby bundle. */
export interface LobbyFile {
  readonly install: (dependencies: BundleDependencies) => InstalledLobby;
}

declare global {
  // Set by the lobby bundle, like `ChimeSDK` by the SDK file.
  var chimeLobbyFile: LobbyFile | undefined;
}

/** Inserts the content, and connects it. All of its markup is hidden at first, except for More. */
export function installLobby(
  content: BundleContent,
  dependencies: BundleDependencies,
): InstalledLobby {
  const { page, data, store, texts, view, telemetry } = dependencies;
  const languages = createLanguageSwitch({
    page,
    store,
    texts,
    base: data.api.base,
    alone: dependencies.other === undefined,
    failed: () => view.notice("failedHelp"),
  });
  languages.insert(content);
  showLocalTime(page, data);
  createThemeMenu(page, element(page, "theme"));
  languages.connect(element(page, "language"));
  store.follow("language", () => {
    const { language } = store.now;
    showTime(page, data, language);
    telemetry.note("language", { language });
  });
  const opener = element(page, "more");
  const more = createSheet(element(page, "more-sheet"), element(page, "app"), opener);
  opener.hidden = false;
  opener.addEventListener("click", more.toggle);
  connectKeys(page);
  const callAttention = followPresence(dependencies);
  hintWhileMuted(dependencies);
  const feedback = createFeedback(page, {
    texts,
    rated(rating) {
      telemetry.note("rating", rating);
      telemetry.flush();
    },
  });
  const tones = createTones(page);
  const lobby = {
    ...dependencies,
    tones,
    callAttention,
    key: `${data.api.base}${data.self.id}:since`,
  };
  const parts = [
    createLobbyDevices(lobby),
    createDataUseMenu(lobby),
    createSoundCheck(lobby),
    createWaitingRoom(lobby),
  ];
  const drawLobby = () => parts.forEach((part) => part());
  const watch = watchPrompt(dependencies.devices, (asked) => {
    store.set({ asked });
    drawLobby();
  });
  const draw = () => {
    watch();
    drawLobby();
  };
  draw();
  return {
    insert: languages.insert,
    setLanguage: languages.switchTo,
    draw,
    tones,
    feedback,
    deviceLists,
    deviceHelp,
    timeOfDay: (at) => timeOfDay(page, at, store.now.language),
    more,
    createSheet,
  };
}
