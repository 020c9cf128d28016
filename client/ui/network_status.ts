/** Shows the state of the network and the data used, and applies the data use setting. */
import type { Texts } from "../i18n/texts.ts";
import type { Use, Wish } from "../media/wish.ts";
import type { NetworkDependencies, NetworkEvents } from "../network/monitor.ts";
import { megabytesAnHour, topRung } from "../network/data_use.ts";
import type { Store } from "../visit/store.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { element, type View } from "./view.ts";

export interface NetworkStatusDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  readonly view: View;
  readonly telemetry: Telemetry;
  readonly wide: boolean;
  readonly wish: Wish;
  readonly nameOf: (externalUserId: string) => string;
  /** Reports to the host. */
  readonly report: (quality: "good" | "poor") => void;
  /** Called when a call starts or the setting changes; `on` is whether data saver is on. */
  readonly saved: (on: boolean) => void;
}

export interface NetworkStatusView {
  readonly events: NetworkEvents;
  readonly limits: NetworkDependencies["limits"];
  /** A call starts, with the current setting. */
  begin(): void;
  /** The person changed the setting during the call. */
  use(use: Use): void;
  /** Updates the page after a change of the phase or the network. */
  draw(): void;
}

export function createNetworkStatus(dependencies: NetworkStatusDependencies): NetworkStatusView {
  const { page, store, texts: { say }, view, telemetry, wish } = dependencies;
  let shown = -1;
  let noted: Use = "video";

  function draw(): void {
    const { phase, network } = store.now;
    const { rung, poor = false, others = [] } = network ?? {};
    const calling = phase === "in-call";
    element(page, "app").classList.toggle("poor", calling && poor);
    if (!calling) return;
    const [first] = others;
    const status = poor ? "poorSelf" : first === undefined ? "inCall" : "poorOther";
    say(element(page, "status"), status, { name: dependencies.nameOf(first ?? "") });
    if (rung === "audio" && wish.use !== "sound" && (poor || others.length > 0)) {
      view.notice("pausedForSound");
    }
  }
  function begin(): void {
    dependencies.saved(wish.use !== "video");
    if (noted !== wish.use) telemetry.note("use", { use: noted = wish.use });
  }
  store.follow("network", ({ network: before }) => {
    if (before?.rung === "audio" && store.now.network?.rung !== "audio") view.notice(null);
    draw();
  });
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
        const whole = Math.round(megabytes);
        if (whole === shown) return;
        shown = whole;
        say(element(page, "used"), "dataUsed", { count: `${whole}` });
      },
    },
  };
}
