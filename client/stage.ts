/** Puts the tiles where `layout.ts` says, again whenever their number, the room or the speaker changes. */
import { arrange, type Box, type Rect, shownWhole } from "./layout.ts";

/** The stage of a call. */
export interface Stage {
  /** A tile by its attendee's id; ids with `#` are shared screens. */
  readonly tiles: Map<string, HTMLElement>;
  /** Whether whoever speaks is shown large. A shared screen always is. */
  large(large: boolean): void;
  /** Who speaks now, loudest first; empty: nobody. */
  speaking(ids: readonly string[]): void;
  draw(): void;
}

/** Whether an attendee's id is a shared screen's. */
export const isScreen = (id: string): boolean => id.includes("#");

/** Shows a picture whole or filling its tile, whichever keeps more of it. */
function fit(tile: HTMLElement, box: Box): void {
  const video = tile.querySelector("video");
  if (video === null || video.videoWidth === 0) return;
  const picture = { width: video.videoWidth, height: video.videoHeight };
  tile.classList.toggle("whole", shownWhole(picture, box));
}

/**
 * @param stage its inner size is the room there is
 * @param rest stands for those a strip has no room for, and shows them when tapped
 */
export function createStage(stage: HTMLElement, rest: HTMLButtonElement): Stage {
  const tiles = new Map<string, HTMLElement>();
  let large = false;
  let speaker = "";

  const rtl = () => stage.ownerDocument.documentElement.dir === "rtl";
  const place = (target: HTMLElement, rect: Rect | null | undefined) => {
    target.hidden = !rect;
    if (!rect) return;
    const { style } = target;
    style[rtl() ? "right" : "left"] = `${rect.x}px`;
    style[rtl() ? "left" : "right"] = "auto";
    style.top = `${rect.y}px`;
    style.width = `${rect.width}px`;
    style.height = `${rect.height}px`;
    target.classList.toggle("small", rect.width < 120);
    style.setProperty("--face", `${Math.min(96, rect.width * 0.5, rect.height * 0.45)}px`);
    fit(target, rect);
  };
  const draw = () => {
    const ids = [...tiles.keys()];
    const screens = ids.filter(isScreen);
    const talker = large ? tiles.has(speaker) ? speaker : ids[0] : undefined;
    const main = screens[screens.length - 1] ?? talker;
    const order = main === undefined ? ids : [main, ...ids.filter((id) => id !== main)];
    const box = { width: stage.clientWidth, height: stage.clientHeight };
    stage.hidden = ids.length === 0;
    if (box.width === 0 || box.height === 0) return;
    const { rects, rest: more } = arrange(order.length, box, main !== undefined);
    // The own picture keeps off the strip, and makes itself small among many.
    const [first] = rects;
    const room = stage.parentElement;
    const beside = main !== undefined && first !== undefined && order.length > 1;
    const free = (key: "width" | "height") => beside ? `${box[key] - first[key]}px` : "0px";
    room?.style.setProperty("--aside", free("width"));
    room?.style.setProperty("--lift", free("height"));
    room?.classList.toggle("crowd", ids.length > 4);
    order.forEach((id, index) => {
      const tile = tiles.get(id);
      if (tile !== undefined) place(tile, rects[index]);
    });
    rest.textContent = `+${order.length - rects.length}`;
    place(rest, more);
  };
  // The room changes with the screen's turn, the chat beside it, the keyboard below it.
  if (typeof ResizeObserver === "function") new ResizeObserver(draw).observe(stage);
  // A picture's shape is known when it comes, and changes when a phone is turned.
  stage.addEventListener("resize", draw, true);
  return {
    tiles,
    draw,
    large(next) {
      large = next;
      draw();
    },
    speaking(ids) {
      tiles.forEach((tile, id) => tile.classList.toggle("talking", ids.includes(id)));
      const next = ids.find((id) => tiles.has(id));
      if (next === undefined || next === speaker) return;
      speaker = next;
      if (large) draw();
    },
  };
}
