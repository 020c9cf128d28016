/** What the in-call bundle brings beside its program, put where it belongs. */
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
import { createSheet, type Sheet } from "./sheet.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { createThemeSwitch } from "./theme.ts";
import { showTime } from "./visit_time.ts";
import { element, type View } from "./view.ts";

/** What unpacking needs of the document. */
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
  /** Whether an app or site around the page listens. */
  readonly hosted: boolean;
  /** Whom the visit is with. */
  readonly other: Person | undefined;
}

/** What works from then on, without the SDK and before any call. */
export interface Unpacked {
  /** Changes the page's language, by its tag; answers whether the page speaks it. */
  readonly speak: (tag: string) => boolean;
  /** A device or the phase changed: what the lobby shows of devices follows. */
  readonly draw: () => void;
  /** The sheet of further controls: language and colours at any time, the rest in a call. */
  readonly more: Sheet;
}

/**
 * Puts styles and markup into the document; its policy knows the styles by their hash. Everything
 * that comes is hidden but for the button of further controls, beside the one to leave.
 */
export function unpack(content: InCallContent, dependencies: BundleDependencies): Unpacked {
  const { page, data, store, texts, view, telemetry } = dependencies;
  const style = page.createElement("style");
  style.textContent = content.style;
  page.head.append(style);
  for (const [id, place, html] of content.markup) {
    // Not every page has a lobby.
    page.getElementById(id)?.insertAdjacentHTML(place, html);
  }
  texts.add(content.texts);
  createThemeSwitch(page, element(page, "light"));
  const speak = createLanguageSwitch({
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
  return {
    speak,
    draw: createLobbyDevices(dependencies),
    more,
  };
}
