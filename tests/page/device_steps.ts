/// <reference lib="dom" />
/** What the tests of devices share: what the browser and the system do, and what the page shows. */
import type { Page } from "playwright-core";
import { keepTracks } from "../support/page_tracks.ts";
import { until } from "../support/patience.ts";
import type { Scene } from "../support/scene.ts";

/** A page with a lobby. */
export const lobby = { data: { lobby: true } };
/** A page whose tracks and prompts are kept. */
export const kept = { before: (page: Page) => keepTracks(page) };

/** From now on, each request for a device fails with this error, or succeeds. */
export const fail = ({ page }: Scene, name?: string, message = "") =>
  page.evaluate(
    ([puppetTrouble, puppetMessage]) =>
      void Object.assign(globalThis, { puppetTrouble, puppetMessage }),
    [name, message],
  );

/** The system does something to the open tracks of one kind, or of both. */
export const systemDoes = ({ page }: Scene, what: "ended" | "mute" | "unmute", kind = "") =>
  page.evaluate(([event, wanted]) => {
    for (const track of Reflect.get(globalThis, "opened") as MediaStreamTrack[]) {
      if (track.readyState !== "live" || !track.kind.startsWith(wanted ?? "")) continue;
      if (event === "ended") track.stop();
      else Object.defineProperty(track, "muted", { value: event === "mute", configurable: true });
      track.dispatchEvent(new Event(event ?? ""));
    }
  }, [what, kind]);

/** What the lobby says about the devices. */
export const help = ({ page }: Scene) => page.locator("#lobby-help").innerText();
/** Waits until the lobby says this about the devices; an empty text is nothing at all. */
export const untilHelp = (scene: Scene, text: string) =>
  until(text || "no help", async () => {
    const shown = await help(scene);
    return text === "" ? shown === "" : shown.includes(text);
  });
/** Waits until a button shows this state. */
export const untilState = ({ page }: Scene, button: string, state: string) =>
  until(
    `${button} ${state}`,
    async () => await page.getAttribute(button, "data-state") === state,
  );
/** Waits until both devices are on in the lobby. */
export const devicesOn = async (scene: Scene) => {
  await untilState(scene, "#try-mic", "on");
  await untilState(scene, "#try-camera", "on");
};
