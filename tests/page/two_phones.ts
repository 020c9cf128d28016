/// <reference lib="dom" />
/** A call of two real pages, each in a browser of its own, and what each of them sent and heard. */
import { SDK_DIRECTORY } from "../../sdk/build.ts";
import { startCdn } from "../../dev/cdn/origin.ts";
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser, newPhone, type Phone, type PhoneOptions } from "../support/browser.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { startMeeting } from "./meeting.ts";
import { testedSdk } from "../support/sdk.ts";
import { PATIENT, PROVIDER, serveVisit, until, visitData } from "./support.ts";

/** What a page has sent and heard so far, from its own peer connections. */
export interface Counts {
  /** Milliseconds of the page's own clock, as its telemetry has it. */
  readonly at: number;
  /** Packets of sound that went out, and that came. */
  readonly spoken: number;
  readonly sound: number;
  /** Samples that were heard, and those of them that the browser made up. */
  readonly heard: number;
  readonly madeUp: number;
  /** Energy of what was heard (W3C: totalAudioEnergy): grows with each word, not with silence. */
  readonly energy: number;
  /** Packets of sound that the other end missed. */
  readonly lostUp: number;
  /** Bytes on the wire, with all headers. */
  readonly sent: number;
  /** Lines of the picture that is sent, and of the one that is seen; 0: none. */
  readonly sentLines: number;
  readonly seenLines: number;
  readonly playing: boolean;
  readonly status: string;
  readonly pictures: number;
}

/** One side of the call. */
export interface Side {
  readonly phone: Phone;
  counts(): Promise<Counts>;
  /** What the page said of its network, oldest first. */
  quality(): Promise<{ at: number; rung: string; poor: boolean }[]>;
}

/** Both sides see each other once this is done. */
export async function twoPhones(
  options: PhoneOptions & {
    /** Prepares each page before it is opened. */
    readonly before?: (page: Phone["page"]) => Promise<unknown>;
  } = {},
) {
  await using stack = new AsyncDisposableStack();
  const meeting = await startMeeting();
  stack.defer(() => meeting.close());
  const cdn = await startCdn({ directory: SDK_DIRECTORY });
  stack.defer(() => cdn.close());
  const enter = async (self: Person): Promise<Side> => {
    const browser = await launchBrowser();
    stack.defer(() => browser.close());
    const { file, integrity } = await testedSdk();
    const join = await meeting.attend(self);
    const visit = serveVisit((origin) =>
      visitData({
        self,
        join,
        sdk: { url: `${cdn.url}/${file}`, integrity, timeoutMs: PATIENCE_MS },
        api: { base: `${origin}/visit`, session: "s3cret" },
      }), { connect: meeting.connect });
    stack.defer(() => visit.close());
    const phone = await newPhone(browser, options);
    await phone.page.addInitScript(keepPeers);
    await options.before?.(phone.page);
    await phone.page.goto(visit.url);
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
  const now = { spoken: 0, sound: 0, heard: 0, madeUp: 0, energy: 0, lostUp: 0, sent: 0 };
  let [sentLines, seenLines] = [0, 0];
  for (const peer of Reflect.get(globalThis, "peers") as RTCPeerConnection[]) {
    (await peer.getStats()).forEach((entry) => {
      if (entry.type === "outbound-rtp") {
        now.sent += entry.bytesSent + (entry.headerBytesSent ?? 0) + 28 * entry.packetsSent;
        if (entry.kind === "audio") now.spoken += entry.packetsSent;
        if (entry.framesPerSecond > 0) sentLines = entry.frameHeight;
      }
      if (entry.type === "remote-inbound-rtp" && entry.kind === "audio") {
        now.lostUp += entry.packetsLost;
      }
      if (entry.type !== "inbound-rtp") return;
      if (entry.kind === "video" && entry.framesPerSecond > 0) seenLines = entry.frameHeight;
      if (entry.kind !== "audio") return;
      now.sound += entry.packetsReceived;
      now.heard += entry.totalSamplesReceived;
      now.madeUp += entry.concealedSamples;
      now.energy += entry.totalAudioEnergy;
    });
  }
  const audio = document.querySelector("audio");
  return {
    ...now,
    sentLines,
    seenLines,
    at: performance.now(),
    playing: audio !== null && !audio.paused,
    status: document.getElementById("status")?.textContent ?? "",
    pictures: document.querySelectorAll(".tile.seen").length,
  };
}
