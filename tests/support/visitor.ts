/// <reference lib="dom" />
import type { Browser } from "playwright-core";
import { newPhone, type Phone } from "./browser.ts";
import { poll } from "./patience.ts";

/** What a person in a visit sees and hears at the moment. */
export interface Sight {
  readonly phase: string;
  readonly title: string;
  /** The status of the network, and the notice below it. */
  readonly status: string;
  readonly notice: string;
  readonly action: string;
  /** Frames of the first other person's picture so far; 0 without one. */
  readonly frames: number;
  /** Whether that picture is shown. */
  readonly seen: boolean;
  readonly muted: boolean;
  /** The loudest sample since the page was opened, 0 to 1. */
  readonly loudest: number;
  readonly hostEvents: readonly string[];
  /** What the page's policy has blocked so far: an address, or `wasm-eval` and the like. */
  readonly stopped: readonly string[];
}

/** A person of a visit on a phone of their own. */
export interface Visitor {
  readonly phone: Phone;
  look(): Promise<Sight>;
  /** Waits until what is seen fits; the error contains what was seen last. */
  until(what: string, fits: (sight: Sight) => boolean): Promise<Sight>;
  press(selector: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a link as a host app's web view does, with a channel for the page's events. */
export async function visitor(browser: Browser, url: string, options = {}): Promise<Visitor> {
  const phone = await newPhone(browser, options);
  const { page } = phone;
  await page.addInitScript(keepRecords);
  await page.goto(url);
  const look = () => page.evaluate(readSight);
  return {
    phone,
    look,
    until: (what, fits) => poll(what, look, fits, { everyMs: 200 }),
    press: (selector) => page.locator(selector).click(),
    close: () => phone.close(),
  };
}

/** Runs before the page's scripts. Records what {@link readSight} reads, in the place of a host app. */
export function keepRecords(): void {
  const heard: string[] = [];
  const stopped: string[] = [];
  addEventListener("securitypolicyviolation", ({ blockedURI }) => stopped.push(blockedURI));
  Object.assign(globalThis, {
    heard,
    stopped,
    loudest: 0,
    ChimeHandler: { postMessage: (text: string) => heard.push(text) },
  });
}

/**
 * Runs in the page. Also measures what the audio element plays, and counts the frames of pictures,
 * which `getVideoPlaybackQuality` does in Chromium alone.
 */
export function readSight(): Sight {
  const audio = document.querySelector("audio");
  const stream = audio?.srcObject;
  if (stream instanceof MediaStream && Reflect.get(globalThis, "listening") !== stream.id) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const listen = () => {
      analyser.getFloatTimeDomainData(samples);
      const loudest = Math.max(Reflect.get(globalThis, "loudest"), ...samples.map(Math.abs));
      Object.assign(globalThis, { loudest });
    };
    setInterval(listen, 20);
    Object.assign(globalThis, { listening: stream.id });
  }
  const tile = document.querySelector(".tile");
  const video = tile?.querySelector("video");
  /** Frames that a picture has shown since it was first asked for. */
  const shownFrames = (picture: HTMLVideoElement): number => {
    const shown = Reflect.get(picture, "shown");
    if (shown !== undefined) return shown;
    const count = () => {
      Object.assign(picture, { shown: Reflect.get(picture, "shown") + 1 });
      picture.requestVideoFrameCallback(count);
    };
    Object.assign(picture, { shown: 0 });
    picture.requestVideoFrameCallback(count);
    return 0;
  };
  const action = document.getElementById("action");
  return {
    phase: document.body.getAttribute("data-phase") ?? "",
    title: document.getElementById("card-title")?.textContent ?? "",
    status: document.getElementById("status")?.textContent ?? "",
    notice: document.getElementById("notice-text")?.textContent ?? "",
    action: action && !action.hidden ? action.textContent ?? "" : "",
    frames: video ? video.getVideoPlaybackQuality().totalVideoFrames || shownFrames(video) : 0,
    seen: tile?.classList.contains("seen") ?? false,
    muted: tile?.classList.contains("muted") ?? false,
    loudest: audio && !audio.paused ? Reflect.get(globalThis, "loudest") : 0,
    hostEvents: (Reflect.get(globalThis, "heard") as string[]).map((text) => JSON.parse(text))
      .map(({ event, data }) => `${event}/${data}`),
    stopped: Reflect.get(globalThis, "stopped") as string[],
  };
}
