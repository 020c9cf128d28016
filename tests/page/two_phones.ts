/// <reference lib="dom" />
/** A call between two real pages, each in a browser of its own, and what each sent and received. */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser, type Phone, type PhoneOptions } from "../support/browser.ts";
import { openVisit } from "../support/open_visit.ts";
import { until } from "../support/patience.ts";
import { startMeeting } from "../support/meeting.ts";
import { serveSdk } from "../support/sdk.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";

/** What a page has sent and received so far, from its own peer connections. */
export interface Counts {
  /** Milliseconds of the page's clock, which its telemetry uses too. */
  readonly at: number;
  /** Audio packets sent and received. */
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly totalSamplesReceived: number;
  readonly concealedSamples: number;
  /** Grows with speech, not with silence. */
  readonly totalAudioEnergy: number;
  /** Audio packets that the other end did not receive. */
  readonly packetsLost: number;
  /** Height of the picture that is sent, and of the one that is received; 0: none. */
  readonly sentHeight: number;
  readonly receivedHeight: number;
  readonly playing: boolean;
  readonly status: string;
  readonly pictures: number;
}

/** One side of the call. */
export interface Side {
  readonly phone: Phone;
  counts(): Promise<Counts>;
  /** What the page reported about its network, oldest first. */
  quality(): Promise<{ at: number; rung: string; poor: boolean }[]>;
}

/** Opens both pages; returns when both sides see each other. */
export async function twoPhones(
  options: PhoneOptions & {
    /** Prepares each page before it is opened. */
    readonly before?: (page: Phone["page"]) => Promise<unknown>;
    /** Further command line switches of both browsers. */
    readonly args?: readonly string[];
  } = {},
) {
  await using stack = new AsyncDisposableStack();
  const meeting = await startMeeting();
  stack.defer(() => meeting.close());
  const { cdn, sdk } = await serveSdk();
  stack.defer(() => cdn.close());
  const enter = async (self: Person): Promise<Side> => {
    const browser = await launchBrowser({ args: options.args ?? [] });
    stack.defer(() => browser.close());
    const join = await meeting.attend(self);
    const { phone, visit, close } = await openVisit(browser, { self, join, sdk }, {
      connect: meeting.connect,
      phone: options,
      async before(page) {
        await page.addInitScript(keepPeers);
        await options.before?.(page);
      },
    });
    stack.defer(close);
    return {
      phone,
      counts: () => phone.page.evaluate(count),
      async quality() {
        // Telemetry comes in batches, or when the page is hidden.
        await phone.page.evaluate(() => {
          Object.defineProperty(document, "visibilityState", {
            value: "hidden",
            configurable: true,
          });
          document.dispatchEvent(new Event("visibilitychange"));
          Reflect.deleteProperty(document, "visibilityState");
        });
        return visit.events.filter(({ name }) => name === "quality").map((event) => ({
          at: Number(Reflect.get(event, "at")),
          rung: String(event.data?.["rung"]),
          poor: event.data?.["poor"] === true,
        }));
      },
    };
  };
  const patient = await enter(PATIENT);
  const provider = await enter(PROVIDER);
  await until(
    "both see each other",
    async () =>
      (await Promise.all([patient.counts(), provider.counts()])).every((one) => one.pictures === 1),
  );
  const ends = stack.move();
  return { faults: meeting.chime.faults, patient, provider, close: () => ends.disposeAsync() };
}

/** Runs in the page before everything else. */
function keepPeers(): void {
  const peers: RTCPeerConnection[] = [];
  const Real = RTCPeerConnection;
  Object.assign(globalThis, { peers });
  globalThis.RTCPeerConnection = class extends Real {
    constructor(...options: ConstructorParameters<typeof Real>) {
      super(...options);
      peers.push(this);
    }
  };
}

/** Runs in the page. */
async function count(): Promise<Counts> {
  const now = {
    packetsSent: 0,
    packetsReceived: 0,
    totalSamplesReceived: 0,
    concealedSamples: 0,
    totalAudioEnergy: 0,
    packetsLost: 0,
  };
  let [sentHeight, receivedHeight] = [0, 0];
  for (const peer of Reflect.get(globalThis, "peers") as RTCPeerConnection[]) {
    (await peer.getStats()).forEach((entry) => {
      if (entry.type === "outbound-rtp") {
        if (entry.kind === "audio") now.packetsSent += entry.packetsSent;
        if (entry.framesPerSecond > 0) sentHeight = entry.frameHeight;
      }
      if (entry.type === "remote-inbound-rtp" && entry.kind === "audio") {
        now.packetsLost += entry.packetsLost;
      }
      if (entry.type !== "inbound-rtp") return;
      if (entry.kind === "video" && entry.framesPerSecond > 0) receivedHeight = entry.frameHeight;
      if (entry.kind !== "audio") return;
      now.packetsReceived += entry.packetsReceived;
      now.totalSamplesReceived += entry.totalSamplesReceived;
      now.concealedSamples += entry.concealedSamples;
      now.totalAudioEnergy += entry.totalAudioEnergy;
    });
  }
  const audio = document.querySelector("audio");
  return {
    ...now,
    sentHeight,
    receivedHeight,
    at: performance.now(),
    playing: audio !== null && !audio.paused,
    status: document.getElementById("status")?.textContent ?? "",
    pictures: document.querySelectorAll(".tile.seen").length,
  };
}
