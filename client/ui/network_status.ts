/** The status line of a call, the data used, and the data use setting. */
import type {
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import { storage } from "../media/storage.ts";
import type { Use, Wish } from "../media/wish.ts";
import { createTotal } from "../network/data_budget.ts";
import type { NetworkDependencies, NetworkEvents } from "../network/monitor.ts";
import { megabytesAnHour, topRung } from "../network/data_use.ts";
import type { Store } from "../visit/store.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { element, type View } from "./view.ts";

export interface NetworkStatusDependencies {
  readonly page: Document;
  readonly data: Pick<VisitPageData, "api" | "people" | "self">;
  readonly store: Store;
  readonly texts: Texts;
  readonly view: View;
  readonly telemetry: Telemetry;
  readonly wide: boolean;
  readonly wish: Wish;
  readonly nameOf: (externalUserId: string) => string;
  /** The person the visit is with. */
  readonly other: Person | undefined;
  /** Reports to the host. */
  readonly report: (quality: "good" | "poor") => void;
  /** Called when a call starts or the setting changes; `on` is whether data saver is on. */
  readonly saved: (on: boolean) => void;
}

export interface NetworkStatusView {
  readonly events: Omit<NetworkEvents, "signals">;
  readonly limits: NetworkDependencies["limits"];
  /** A call starts, with the current setting. */
  begin(): void;
  /** The person changed the setting during the call. */
  use(use: Use): void;
  /** Updates the page after a change of the phase or the network. */
  draw(): void;
}

export function createNetworkStatus(dependencies: NetworkStatusDependencies): NetworkStatusView {
  const { page, data, store, texts: { say }, view, telemetry, wish } = dependencies;
  let shown = "";
  /** Whether video is paused, which was said once. The notice of being offline replaces that. */
  let paused = false;
  let wasOffline: boolean | undefined;
  // Survives a reload, like the wish.
  const key = `${data.api.base}${data.self.id} used`;
  const total = createTotal(Number(storage("sessionStorage", key)));
  let noted: Use = "video";

  function draw(): void {
    const { phase, network, offline, people, counterpart, connections = {} } = store.now;
    const { other } = dependencies;
    const { rung, poor = false, others = [] } = network ?? {};
    const calling = phase === "in-call";
    const dropped = Object.entries(connections).find(([, { state }]) => state === "silent")?.[0];
    // In a group, the others may still be there. Another provider can replace the one who left.
    const met = data.people.some(({ id, role }) =>
      role === other?.role && connections[id]?.state === "here"
    );
    const missing = !other || met ? null : counterpart ?? (people === 0 ? "alone" : null);
    const app = element(page, "app");
    app.classList.toggle(
      "poor",
      calling && (poor || dropped !== undefined || missing !== null && people > 0),
    );
    if (!calling) {
      paused = false;
      return;
    }
    const [first] = others;
    const status = offline
      ? "reconnecting"
      : poor
      ? "poorSelf"
      : dropped
      ? "dropped"
      : missing ?? (first === undefined ? "inCall" : "poorOther");
    const about = dropped ?? (missing ? other?.id : first) ?? "";
    const name = dependencies.nameOf(about);
    say(element(page, "status"), status, { name });
    const pauses = rung === "audio" && wish.use !== "sound" &&
      (paused || poor || others.length > 0);
    if (!pauses) view.clearNotice("pausedForSound");
    else if (!offline && (!paused || wasOffline)) view.notice("pausedForSound");
    paused = pauses;
    wasOffline = offline;
  }
  function begin(): void {
    dependencies.saved(wish.use !== "video");
    if (noted !== wish.use) telemetry.note("use", { use: noted = wish.use });
  }
  for (const key of ["network", "people", "connections", "counterpart", "offline"] as const) {
    store.follow(key, draw);
  }
  return {
    limits() {
      const top = topRung(wish.use, dependencies.wide);
      // The lobby states how much data each setting uses. Only full video may use more.
      return { top, megabytesAnHour: wish.use === "video" ? Infinity : megabytesAnHour(top, top) };
    },
    begin,
    use(use) {
      // Leaving audio only does not turn the camera on.
      if (wish.use === "sound") wish.camera = false;
      wish.use = use;
      begin();
    },
    draw,
    events: {
      changed(rung, poor, others) {
        dependencies.report(poor ? "poor" : "good");
        telemetry.note("quality", { rung, poor, others: others.length });
        store.set({ network: { rung, poor, others } });
      },
      used(megabytes) {
        const used = total(megabytes).toFixed(1);
        if (used === shown) return;
        storage("sessionStorage", key, shown = used);
        say(element(page, "used"), "dataUsed", { count: `${Math.round(Number(used))}` });
      },
    },
  };
}
