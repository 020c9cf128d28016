/** One tile on the stage: a person or a shared screen. */
import { initials } from "../../supabase/functions/chime-page/contract/initials.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Signal } from "../network/signal.ts";
import { isScreen } from "./stage.ts";
import { element } from "./view.ts";
import { makeZoomable } from "./zoom.ts";

/** Finds a part of a tile. The template has each of them. */
const part = (tile: HTMLElement, name: string) =>
  tile.querySelector(`.${name}`) as HTMLButtonElement;

/**
 * Creates a tile from the template `#tile`.
 * @param id attendee id; with `#` for a shared screen
 * @param pin called when the person presses the tile
 */
export function createTile(
  page: Document,
  texts: Texts,
  id: string,
  owner: string,
  pin: () => void,
): HTMLElement {
  const { content } = element<HTMLTemplateElement>(page, "tile");
  const tile = content.firstElementChild?.cloneNode(true) as HTMLElement;
  nameTile(texts, id, tile, owner);
  part(tile, "pin").addEventListener("click", pin);
  tile.classList.toggle("content", isScreen(id));
  const [area, tools] = [part(tile, "zoom"), part(tile, "tools")];
  const [enlarge, reset] = [part(tile, "zoom-in"), part(tile, "zoom-out")];
  texts.label(enlarge, "zoomIn");
  texts.label(reset, "zoomOut");
  if (isScreen(id)) {
    makeZoomable(area, enlarge, reset);
  } else {
    area.remove();
    tools.remove();
  }
  return tile;
}

/** Shows whose tile it is. */
export function nameTile(texts: Texts, id: string, tile: HTMLElement, owner: string): void {
  const values = { name: owner };
  part(tile, "face").textContent = initials(owner);
  texts.say(part(tile, "name > bdi"), isScreen(id) ? "screenOf" : { verbatim: owner }, values);
  texts.label(part(tile, "pin"), isScreen(id) ? "screenOf" : "enlarge", values);
}

/** Returns a copy of the own video, muted and without a stream. */
export function copyVideo(video: Element): HTMLVideoElement {
  // The attributes `muted` and `playsinline` come with it: iOS reads them before the properties.
  const copy = video.cloneNode() as HTMLVideoElement;
  // The attribute alone does not mute a copy.
  copy.muted = true;
  return copy;
}

/** Returns the video element of a tile, and creates it if necessary. */
export function videoOf(tile: HTMLElement): HTMLVideoElement {
  const existing = tile.querySelector("video");
  if (existing !== null) return existing;
  const video = copyVideo(element(tile.ownerDocument, "self-video"));
  video.id = "";
  video.addEventListener("loadeddata", () => tile.classList.add("seen"));
  // Another stream: show the initials until its first frame, not black.
  video.addEventListener("emptied", () => tile.classList.remove("seen"));
  const area = tile.querySelector(".zoom");
  if (area) area.append(video);
  else part(tile, "face").after(video);
  return video;
}

/** Labels a tile for screen readers: the name, and whether the person is muted or speaking. */
export function labelTile(texts: Texts, id: string, tile: HTMLElement, name: string): void {
  const hasClass = (state: string) => tile.classList.contains(state);
  const text = isScreen(id)
    ? "screenOf"
    : hasClass("muted")
    ? "tileMuted"
    : hasClass("talking")
    ? "tileTalking"
    : { verbatim: name };
  texts.label(tile, text, { name });
}

/**
 * Shows a person's connection on their tile or the self view, and whether their video is paused.
 * @param signal null while it is not known
 */
export function showSignal(texts: Texts, tile: HTMLElement, signal: Signal | null): void {
  const image = part(tile, "bars");
  image.hidden = signal === null;
  if (signal !== null) {
    image.dataset["bars"] = `${signal.bars}`;
    texts.label(image, `signal${signal.bars}`);
  }
  tile.classList.toggle("paused", signal?.paused === true);
  showState(texts, tile);
}

/** Texts of the states of a picture; the first that applies is shown. */
const STATES = { stopped: "pictureStopped", paused: "videoPaused" } as const;

/** Says in words why a picture is missing or does not move. */
export function showState(texts: Texts, tile: HTMLElement): void {
  const states = Object.keys(STATES) as (keyof typeof STATES)[];
  const state = states.find((name) => tile.classList.contains(name));
  if (state === undefined) delete tile.dataset["tileState"];
  else tile.dataset["tileState"] = state;
  texts.say(part(tile, "tile-state"), state ? STATES[state] : null);
}
