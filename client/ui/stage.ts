/** Puts the tiles where `layout.ts` says, again whenever their number, the room or the speaker changes. */
import { arrange, type Arrangement, type Box, type Rect, shownWhole } from "./layout.ts";

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

/** Whether somebody stands below what is seen without scrolling. */
const tooHigh = ({ rects }: Arrangement, box: Box) =>
  rects.some(({ y, height }) => y + height > box.height + 1);

/**
 * @param stage its inner size is the room there is
 * @param rest stands for those a strip has no room for, and shows them when tapped
 * @param self the own picture, beside the stage
 */
export function createStage(
  stage: HTMLElement,
  rest: HTMLButtonElement,
  self: HTMLElement,
): Stage {
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
    self.classList.remove("seated", "small");
    self.style.cssText = "";
    if (box.width === 0 || box.height === 0) return;
    const led = main !== undefined;
    const fewest = led ? 1 : 2;
    let seats = order.length + Number(!self.hidden && order.length > fewest);
    let arrangement = arrange(seats, box, led);
    if (seats > order.length && tooHigh(arrangement, box)) {
      arrangement = arrange(--seats, box, led);
    }
    const rects = [...arrangement.rects];
    // Among several the own picture has a seat, where it covers nobody: the last of equal ones, the
    // first of a strip. Beside one person, and where the stage scrolls, it floats.
    const [seat] = seats > order.length ? rects.splice(led ? 1 : -1, 1) : [];
    if (seat !== undefined) {
      place(self, seat);
      self.classList.add("seated");
    }
    order.forEach((id, index) => {
      const tile = tiles.get(id);
      if (tile !== undefined) place(tile, rects[index]);
    });
    rest.textContent = `+${order.length - rects.length}`;
    place(rest, arrangement.rest);
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
