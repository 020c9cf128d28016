/** What the in-call bundle brings beside its program, put where it belongs. */
import type {
  CallParcel,
  ClientTexts,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api } from "../visit/api.ts";
import { watchPresence } from "../visit/presence.ts";
import type { Store } from "../visit/store.ts";
import { createLanguages } from "./language_switch.ts";
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
  readonly view: View;
  readonly devices: Devices;
  readonly telemetry: Telemetry;
  readonly api: Api;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Whom the visit is with. */
  readonly other: Person | undefined;
}

/** What works from then on, without the SDK and before any call. */
export interface Unpacked {
  /** All of the client's texts. */
  readonly texts: ClientTexts;
  /** Changes the page's language, by its tag; answers whether the page speaks it. */
  readonly speak: (tag: string) => boolean;
  /** A device or the phase changed: what the lobby shows of devices follows. */
  readonly draw: () => void;
  /** The sheet of further controls: language and colours at any time, the rest in a call. */
  readonly more: Sheet;
  /** Run when the page has another language: what mixes texts with names is to be said anew. */
  readonly retell: (() => void)[];
}

/**
 * Puts styles and markup into the document; its policy knows the styles by their hash. Everything
 * that comes is hidden but for the button of further controls, beside the one to leave.
 */
export function unpack(bundle: CallParcel, dependencies: BundleDependencies): Unpacked {
  const { page, data, view, telemetry } = dependencies;
  const style = page.createElement("style");
  style.textContent = bundle.style;
  page.head.append(style);
  for (const [id, place, html] of bundle.markup) {
    // Not every page has a lobby.
    page.getElementById(id)?.insertAdjacentHTML(place, html);
  }
  const texts: ClientTexts = Object.assign(data.texts, bundle.texts);
  createThemeSwitch(page, element(page, "light"));
  const retell: Unpacked["retell"] = [];
  const speak = createLanguages(page, {
    data,
    spare: () => view.spare,
    failed: () => view.notice(texts.failedHelp),
    changed(language) {
      showTime(page, language);
      retell.forEach((run) => run());
      telemetry.note("language", { language });
    },
  });
  const more = createSheet(element(page, "more-sheet"), element(page, "app"));
  const opener = element(page, "more");
  opener.hidden = false;
  opener.addEventListener("click", more.open);
  void watchPresence(dependencies);
  return {
    texts,
    speak,
    draw: createLobbyDevices(page, dependencies.devices, texts),
    more,
    retell,
  };
}
