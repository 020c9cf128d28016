/** Installs the styles, markup and texts of the in-call bundle. */
import type {
  InCallContent,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api } from "../visit/api.ts";
import { watchPresence } from "../visit/presence.ts";
import type { Store } from "../visit/store.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Wish } from "../media/wish.ts";
import { createLanguageSwitch } from "./language_switch.ts";
import type { Devices } from "../media/devices.ts";
import { createLobbyDevices } from "./lobby_devices.ts";
import { watchPrompt } from "../media/permission.ts";
import { createSheet, type Sheet } from "./sheet.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { createThemeSwitch } from "./theme.ts";
import { showTime } from "./visit_time.ts";
import { element, type View } from "./view.ts";

/** What the document's script passes to the bundle. */
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
}

/** Features of the bundle that work without the SDK. */
export interface InstalledBundle {
  /** Changes the language by its tag; returns whether the page supports it. */
  readonly setLanguage: (tag: string) => boolean;
  /** Updates the devices in the lobby after a change of a device or the phase. */
  readonly draw: () => void;
  /** The More sheet: language and theme at any time, the rest during a call. */
  readonly more: Sheet;
}

/**
 * Adds the bundle's styles and markup to the document, whose CSP allows the styles by their hash.
 * All of the markup is hidden at first, except for the More button.
 */
export function installBundle(
  content: InCallContent,
  dependencies: BundleDependencies,
): InstalledBundle {
  const { page, data, store, texts, view, telemetry } = dependencies;
  const style = page.createElement("style");
  style.textContent = content.style;
  page.head.append(style);
  for (const [id, position, html] of content.markup) {
    // Not every page has a lobby.
    page.getElementById(id)?.insertAdjacentHTML(position, html);
  }
  texts.add(content.texts);
  createThemeSwitch(page, element(page, "light"));
  const setLanguage = createLanguageSwitch({
    page,
    store,
    texts,
    base: data.api.base,
    failed: () => view.notice("failedHelp"),
  });
  store.follow("language", () => {
    const { language } = store.now;
    showTime(page, language);
    telemetry.note("language", { language });
  });
  const more = createSheet(element(page, "more-sheet"), element(page, "app"));
  const opener = element(page, "more");
  opener.hidden = false;
  opener.addEventListener("click", more.open);
  void watchPresence(dependencies);
  const drawLobby = createLobbyDevices(dependencies);
  const watch = watchPrompt(dependencies.devices, (asked) => {
    store.set({ asked });
    drawLobby();
  });
  watch();
  return {
    setLanguage,
    draw() {
      watch();
      drawLobby();
    },
    more,
  };
}
