/// <reference lib="dom" />
/** The tracks of camera, microphone and screen that a page has opened. */
import type { Page } from "playwright-core";

/**
 * Keeps each track that the page opens, as `globalThis.opened`, and counts its prompts, as
 * `globalThis.prompts`. Before the page is opened.
 * @param slow prompts wait for the event `answered`; `sessionStorage` with a key `slow` does the same
 */
export async function keepTracks(page: Page, slow = false): Promise<void> {
  await page.addInitScript((always) => {
    const opened: MediaStreamTrack[] = [];
    Object.assign(globalThis, { opened, prompts: 0 });
    const media = navigator.mediaDevices;
    for (const name of ["getUserMedia", "getDisplayMedia"] as const) {
      const open = media[name].bind(media);
      media[name] = async (constraints) => {
        Object.assign(globalThis, { prompts: Reflect.get(globalThis, "prompts") + 1 });
        if (always || sessionStorage.getItem("slow") !== null) {
          await new Promise((done) => addEventListener("answered", done, { once: true }));
        }
        const stream = await open(constraints);
        opened.push(...stream.getTracks());
        return stream;
      };
    }
  }, slow);
}

/** `kind state` of each track, oldest first: `audio live`, `video ended`. */
export function tracksOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    (Reflect.get(globalThis, "opened") as MediaStreamTrack[]).map(({ kind, readyState }) =>
      `${kind} ${readyState}`
    )
  );
}

/** How often the page has asked for a device. */
export function promptsOf(page: Page): Promise<number> {
  return page.evaluate(() => Reflect.get(globalThis, "prompts"));
}
