/** What the person sees of the network, and how much of the call they chose to take. */
import type { ClientTexts } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { NetworkEvents, NetworkPorts } from "../network/monitor.ts";
import { megabytesAnHour, topRung } from "../network/quality_ladder.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { element, type Phase, type View } from "./view.ts";
import type { Use, Wish } from "../media/wish.ts";
import { write } from "../i18n/render.ts";

/** What it needs. */
export interface LinkPorts {
  readonly page: Document;
  readonly texts: ClientTexts;
  readonly view: View;
  readonly telemetry: Telemetry;
  readonly wide: boolean;
  readonly wish: Wish;
  readonly nameOf: (externalUserId: string) => string;
  /** For the host. */
  readonly report: (quality: "good" | "poor") => void;
  /** The data saver was switched by the page itself. */
  readonly saved: (on: boolean) => void;
}

/** The network as a person meets it. */
export interface Link {
  readonly events: NetworkEvents;
  readonly limits: NetworkPorts["limits"];
  /** A call begins, with what was chosen before it. */
  begin(): void;
  /** Chosen in the call. */
  use(use: Use): void;
  phase(phase: Phase): void;
}

/** Starts with everything. */
export function createLink(ports: LinkPorts): Link {
  const { page, texts, view, telemetry, wish } = ports;
  let phase: Phase = "loading";
  let now: Parameters<NetworkEvents["changed"]> = ["", false, []];
  let shown = -1;
  let noted: Use = "video";

  function draw(): void {
    const [rung, poor, others] = now;
    const calling = phase === "in-call";
    element(page, "app").classList.toggle("poor", calling && poor);
    if (!calling) return;
    const [first] = others;
    const words = poor ? texts.poorSelf : first === undefined ? texts.inCall : texts.poorOther;
    write(element(page, "status"), words, ports.nameOf(first ?? ""));
    if (rung === "audio" && wish.use !== "sound" && (poor || others.length > 0)) {
      view.notice(texts.pausedForSound);
    }
  }
  function begin(): void {
    ports.saved(wish.use !== "video");
    if (noted !== wish.use) telemetry.note("use", { use: noted = wish.use });
  }
  return {
    limits() {
      const top = topRung(wish.use, ports.wide);
      // Who saves data was told a figure, and it is kept; a full picture was not promised one.
      return { top, megabytesAnHour: wish.use === "video" ? Infinity : megabytesAnHour(top, top) };
    },
    begin,
    use(use) {
      // Who came in with sound alone has not asked for a picture by this.
      if (wish.use === "sound") wish.camera = false;
      wish.use = use;
      begin();
    },
    phase(next) {
      phase = next;
      draw();
    },
    events: {
      changed(...next) {
        const [before] = now;
        now = next;
        const [rung, poor, others] = next;
        if (before === "audio" && rung !== before) view.notice(null);
        ports.report(poor ? "poor" : "good");
        telemetry.note("quality", { rung, poor, others: others.length });
        draw();
      },
      used(megabytes) {
        const whole = Math.round(megabytes);
        if (whole === shown) return;
        shown = whole;
        element(page, "used").textContent = texts.dataUsed
          .replace("{count}", String(whole));
      },
    },
  };
}
