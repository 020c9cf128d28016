/** Positions the tiles, whenever their number, the size of the stage or the speaker changes. */
import { arrange, type Arrangement, type Box, type Rect, shownWhole } from "./layout.ts";

export interface Stage {
  /** Tiles by attendee id; ids with `#` are shared screens. */
  readonly tiles: Map<string, HTMLElement>;
  /** Sets whether the current speaker is shown large. Shared screens always are. */
  large(large: boolean): void;
  /**
   * Pins a tile, which is then the large one, even if a screen is shared; unpins it if it is pinned.
   * A person who leaves and comes back is pinned again.
   */
  pin(id: string): void;
  /** Sets the current speakers, loudest first. */
  speaking(ids: readonly string[]): void;
  draw(): void;
}

/** Whether an attendee id belongs to a shared screen. */
export const isScreen = (id: string): boolean => id.includes("#");

/** Letterboxes the video of a tile or lets it fill the tile. */
function fit(tile: HTMLElement, box: Box): void {
  const video = tile.querySelector("video");
  if (video === null || video.videoWidth === 0) return;
  const picture = { width: video.videoWidth, height: video.videoHeight };
  tile.classList.toggle("whole", shownWhole(picture, box));
}

/** Whether the stage would have to scroll. */
const overflows = ({ rects }: Arrangement, box: Box) =>
  rects.some(({ y, height }) => y + height > box.height + 1);

/**
 * @param stage the element that contains the tiles
 * @param rest the button for the people a strip has no room for; shows everyone in a grid
 * @param self the self view
 */
export function createStage(
  stage: HTMLElement,
  rest: HTMLButtonElement,
  self: HTMLElement,
): Stage {
  const tiles = new Map<string, HTMLElement>();
  let large = false;
  let speaker = "";
  let pinned = "";
  let everyone = false;
  let screenCount = 0;

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
    target.classList.toggle("low", rect.height < 140);
    style.setProperty("--face", `${Math.min(96, rect.width * 0.5, rect.height * 0.45)}px`);
    fit(target, rect);
  };
  const draw = () => {
    const ids = [...tiles.keys()];
    const screens = ids.filter(isScreen);
    // A new screen is what people should look at.
    everyone = everyone && screens.length <= screenCount;
    screenCount = screens.length;
    const largeSpeaker = large ? tiles.has(speaker) ? speaker : ids[0] : undefined;
    const unpinned = everyone ? undefined : screens[screens.length - 1] ?? largeSpeaker;
    const main = tiles.has(pinned) ? pinned : unpinned;
    const order = main === undefined ? ids : [main, ...ids.filter((id) => id !== main)];
    const away = self.matches(".away");
    stage.hidden = ids.length === 0;
    self.classList.remove("small");
    self.style.cssText = "";
    // In a group, the button that brings the self view back gets a row, so that it covers nobody.
    const raised = away && !self.hidden && order.length > 1;
    self.classList.toggle("seated", raised);
    stage.classList.toggle("raised", raised);
    const box = { width: stage.clientWidth, height: stage.clientHeight };
    if (box.width === 0 || box.height === 0) return;
    const hasMain = main !== undefined;
    const minOthers = hasMain ? 1 : 2;
    let seats = order.length + Number(!self.hidden && !away && order.length > minOthers);
    let arrangement = arrange(seats, box, hasMain);
    if (seats > order.length && overflows(arrangement, box)) {
      arrangement = arrange(--seats, box, hasMain);
    }
    const rects = [...arrangement.rects];
    // With several people, the self view gets a tile of its own: the last in a grid, the first in a
    // strip. With one person, or if the stage scrolls, it floats.
    const [seat] = seats > order.length ? rects.splice(hasMain ? 1 : -1, 1) : [];
    if (seat !== undefined) {
      place(self, seat);
      self.classList.add("seated");
    }
    order.forEach((id, index) => {
      const tile = tiles.get(id);
      if (tile === undefined) return;
      tile.classList.toggle("large", id === main);
      const pin = tile.querySelector<HTMLElement>(".pin");
      pin?.setAttribute("aria-pressed", String(id === pinned));
      // A single tile is large already.
      if (pin) pin.hidden = order.length < 2;
      place(tile, rects[index]);
    });
    rest.textContent = `+${order.length - rects.length}`;
    place(rest, arrangement.rest);
  };
  rest.addEventListener("click", () => {
    pinned = "";
    everyone = true;
    draw();
  });
  // Rotating the device, the chat and the keyboard change the size.
  if (typeof ResizeObserver === "function") new ResizeObserver(draw).observe(stage);
  // The size of a video is known once it loads, and changes when the sender rotates their phone.
  stage.addEventListener("resize", draw, true);
  return {
    tiles,
    draw,
    large(next) {
      large = next;
      everyone = everyone && !next;
      draw();
    },
    pin(id) {
      pinned = id === pinned ? "" : id;
      everyone = false;
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
