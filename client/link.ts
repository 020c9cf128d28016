/** What the person sees of the network, and how much of the call they chose to take. */
import type { ClientTexts } from "../supabase/functions/chime-page/page/data.ts";
import { topRung, type Use } from "./lobby.ts";
import type { NetworkEvents, NetworkPorts } from "./network.ts";
import { megabytesAnHour } from "./quality.ts";
import type { Telemetry } from "./telemetry.ts";
import { element, type Phase, type View } from "./view.ts";
import { write } from "./words.ts";

/** What it needs. */
export interface LinkPorts {
  readonly page: Document;
  readonly texts: ClientTexts;
  readonly view: View;
  readonly telemetry: Telemetry;
  readonly wide: boolean;
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
  /** Chosen in the lobby or in the call. */
  use(use: Use): void;
  /** The camera was asked for: sound alone is no longer what the person wants. */
  picture(): void;
  phase(phase: Phase): void;
}

/** Starts with everything. */
export function createLink(ports: LinkPorts): Link {
  const { page, texts, view, telemetry } = ports;
  let use: Use = "video";
  let phase: Phase = "loading";
  let now: Parameters<NetworkEvents["changed"]> = ["", false, []];
  let shown = -1;

  function draw(): void {
    const [rung, poor, others] = now;
    const calling = phase === "in-call";
    element(page, "app").classList.toggle("poor", calling && poor);
    if (!calling) return;
    const [first] = others;
    const words = poor ? texts.poorSelf : first === undefined ? texts.inCall : texts.poorOther;
    write(element(page, "status"), words, ports.nameOf(first ?? ""));
    if (rung === "audio" && use !== "sound" && (poor || others.length > 0)) {
      view.notice(texts.pausedForSound);
    }
  }
  function choose(next: Use): void {
    use = next;
    ports.saved(next !== "video");
    telemetry.note("use", { use });
  }
  return {
    limits() {
      const top = topRung(use, ports.wide);
      // Who saves data was told a figure, and it is kept; a full picture was not promised one.
      return { top, megabytesAnHour: use === "video" ? Infinity : megabytesAnHour(top, top) };
    },
    use: choose,
    picture() {
      if (use === "sound") choose("video");
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
