/// <reference lib="dom" />
/** Two people in a real call, each in a browser of their own. */
import type { Browser, Page } from "playwright-core";
import type {
  JoinInfo,
  Language,
  Person,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser, type PhoneOptions } from "../support/browser.ts";
import { startMeeting } from "../support/meeting.ts";
import { prepareVisit } from "../support/open_visit.ts";
import { keepTracks } from "../support/page_tracks.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { serveSdk } from "../support/sdk.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import type { VisitServer } from "../support/visit_server.ts";

/** What a person in a call sees and hears, and the `event/data` that their host received. */
export function perceive(page: Page) {
  return page.evaluate(() => {
    const tile = document.querySelector(".tile");
    const video = tile?.querySelector("video");
    const audio = document.querySelector("audio");
    const messages = Reflect.get(globalThis, "heard") as string[];
    return {
      phase: document.body.getAttribute("data-phase"),
      name: tile?.querySelector("bdi")?.textContent ?? null,
      muted: tile?.classList.contains("muted") ?? false,
      seen: tile?.classList.contains("seen") ?? false,
      frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
      playing: audio !== null && !audio.paused && audio.currentTime > 0,
      own: document.getElementById("self")?.hidden === false,
      hearButton: document.getElementById("hear")?.hidden === false,
      host: messages.map((text) => JSON.parse(text)).map(({ event, data }) => `${event}/${data}`),
    };
  });
}
type Perceived = Awaited<ReturnType<typeof perceive>>;

/** Waits until a person perceives this. */
export function sees(
  page: Page,
  what: string,
  fits: (now: Perceived) => boolean,
): Promise<void> {
  return until(what, async () => fits(await perceive(page)));
}

/** What a test of a call works with: the patient on a phone, the provider on a French laptop. */
export type Call = Awaited<ReturnType<typeof prepareCall>>;

async function prepareCall(stack: AsyncDisposableStack) {
  const meeting = await startMeeting();
  stack.defer(() => meeting.close());
  const { cdn, sdk } = await serveSdk();
  stack.defer(() => cdn.close());
  const visits: VisitServer[] = [];
  stack.defer(async () => {
    for (const visit of visits) await visit.close();
  });
  const prepare = async (
    browser: Browser,
    self: Person,
    join: JoinInfo,
    language: Language = "en",
    phone: PhoneOptions = {},
  ) => {
    const data = { self, join, language, sdk };
    const opened = await prepareVisit(browser, data, {
      connect: meeting.connect,
      phone,
      hosted: true,
    });
    visits.push(opened.visit);
    return opened;
  };
  const patientJoin = await meeting.attend(PATIENT);
  const first = await launchBrowser({
    args: ["--use-fake-device-for-media-stream=device-count=3"],
  });
  stack.defer(() => first.close());
  const second = await launchBrowser();
  stack.defer(() => second.close());
  const patient = await prepare(first, PATIENT, patientJoin);
  const provider = await prepare(second, PROVIDER, await meeting.attend(PROVIDER), "fr", {
    width: 1280,
    height: 800,
    locale: "fr-CM",
    touch: false,
  });
  for (const { page } of [patient, provider]) {
    await keepTracks(page);
    await page.addInitScript(() => {
      const media = navigator.mediaDevices;
      const list = media.enumerateDevices.bind(media);
      // Chromium's second fake camera measures depth, which no call can carry.
      media.enumerateDevices = async () => {
        const all = await list();
        const [, depth] = all.filter(({ kind }) => kind === "videoinput");
        return all.filter((one) => one !== depth);
      };
    });
  }
  return { meeting, prepare, patientJoin, second, patient, provider };
}

/** A test of a call in several steps. Both people are in the call before the first one. */
export function callTest(
  name: string,
  run: (t: Deno.TestContext, call: Call) => Promise<void>,
): void {
  looseTest(name, async (t) => {
    await using stack = new AsyncDisposableStack();
    const call = await prepareCall(stack);
    const { patient, provider } = call;
    await patient.page.goto(patient.visit.url);
    await sees(patient.page, "in the call", ({ phase }) => phase === "in-call");
    await provider.page.goto(provider.visit.url);
    await sees(patient.page, "the provider", ({ frames, own }) => frames > 5 && own);
    await sees(provider.page, "the patient", ({ frames, own }) => frames > 5 && own);
    await run(t, call);
  });
}
