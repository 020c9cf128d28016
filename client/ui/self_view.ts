/**
 * The person's own video. They can move it between four corners, by dragging, with arrow keys or with
 * a tap, and hide it.
 */
import type { Texts } from "../i18n/texts.ts";
import type { AudioVideo } from "../media/sdk.ts";
import type { Signal } from "../network/signal.ts";
import type { Stage } from "./stage.ts";
import { copyVideo, showSignal } from "./tile.ts";

/** Number of a corner, stored in `data-corner`: bit 0 means the inline end, bit 1 the bottom. */
export type Corner = 0 | 1 | 2 | 3;

/** Returns the corner of a box that is nearest to a point; `x` is from the inline start. Pure. */
export function nearestCorner(x: number, y: number, width: number, height: number): Corner {
  return (Number(x > width / 2) + 2 * Number(y > height / 2)) as Corner;
}

/** Returns the corner that an arrow key moves to; other keys change nothing. Pure. */
export function cornerByKey(corner: Corner, key: string, rtl = false): Corner {
  const [start, end] = rtl ? ["ArrowRight", "ArrowLeft"] : ["ArrowLeft", "ArrowRight"];
  const next = {
    [start as string]: corner & 2,
    [end as string]: corner | 1,
    ArrowUp: corner & 1,
    ArrowDown: corner | 2,
  }[key];
  return (next ?? corner) as Corner;
}

// A tap moves clockwise; counterclockwise where the reading direction is from right to left.
const NEXT = [1, 3, 0, 2] as const;
// Shorter movements count as a tap.
const TAP_PX = 8;

/** Makes the self view movable inside its parent. */
export function makeMovable(picture: HTMLElement, handle: HTMLElement): void {
  const rtl = () => picture.ownerDocument.documentElement.dir === "rtl";
  const corner = () => Number(picture.dataset["corner"]) as Corner;
  let from: PointerEvent | null = null;
  let dragged = false;

  const moveTo = (next: Corner) => picture.dataset["corner"] = String(next);
  handle.addEventListener("keydown", (event) => {
    const next = cornerByKey(corner(), event.key, rtl());
    if (next === corner()) return;
    event.preventDefault();
    moveTo(next);
  });
  handle.addEventListener("pointerdown", (event) => {
    from = event;
    dragged = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const [x, y] = [event.clientX - from.clientX, event.clientY - from.clientY];
    dragged = dragged || Math.hypot(x, y) > TAP_PX;
    if (dragged) picture.style.transform = `translate(${x}px,${y}px)`;
  });
  const drop = () => {
    if (from !== null && dragged && picture.parentElement !== null) {
      const room = picture.parentElement.getBoundingClientRect();
      const box = picture.getBoundingClientRect();
      const x = box.left + box.width / 2 - room.left;
      const y = box.top + box.height / 2 - room.top;
      moveTo(nearestCorner(rtl() ? room.width - x : x, y, room.width, room.height));
    }
    from = null;
    picture.style.transform = "";
  };
  handle.addEventListener("pointerup", drop);
  handle.addEventListener("pointercancel", drop);
  handle.addEventListener("click", () => {
    if (!dragged) moveTo(NEXT[corner()]);
    dragged = false;
  });
}

/**
 * Hides the self view behind a button that says that the person is still visible. The camera stays
 * on.
 * @param changed called after it was hidden or shown
 */
export function makeHideable(
  picture: HTMLElement,
  hide: HTMLElement,
  show: HTMLElement,
  changed: () => void,
): void {
  const set = (away: boolean) => {
    picture.classList.toggle("away", away);
    changed();
    (away ? show : hide).focus();
  };
  hide.addEventListener("click", () => set(true));
  show.addEventListener("click", () => set(false));
}

export interface SelfViewDependencies {
  readonly stage: Pick<Stage, "draw">;
  readonly self: HTMLElement;
  readonly texts: Texts;
}

/** Shows the person's own video, also while the network pauses it for the others. */
export function createSelfView({ self, stage, texts }: SelfViewDependencies) {
  const video = () => self.querySelector("video") as HTMLVideoElement;
  let ownTile: number | null = null;
  let filmed = false;
  let paused = false;
  const draw = () => {
    self.hidden = !filmed && !paused;
    stage.draw();
  };
  const drop = () => {
    if (ownTile !== null) {
      // SDK 3.32 goes on watching the element of a tile that it has removed. Whoever keeps the element,
      // such as the document, keeps the whole session in memory.
      video().replaceWith(copyVideo(video()));
    }
    ownTile = null;
    filmed = false;
    draw();
  };
  return {
    update(audioVideo: AudioVideo, tileId: number, stream: MediaStream | null) {
      ownTile = tileId;
      // A camera that is off keeps its tile, but without a stream. Show the video before binding
      // it: in WebKit, a video stays black if it was hidden when it got its stream.
      filmed = stream !== null;
      draw();
      const facing = stream?.getVideoTracks()[0]?.getSettings().facingMode;
      self.classList.toggle("back", facing === "environment");
      audioVideo.bindVideoElement(tileId, video());
    },
    signal(signal: Signal) {
      showSignal(texts, self, signal);
      if (paused === signal.paused) return;
      paused = signal.paused;
      draw();
    },
    /** Returns whether it was the tile of the self view. */
    removed(tileId: number): boolean {
      if (tileId !== ownTile) return false;
      drop();
      return true;
    },
    clear() {
      paused = false;
      showSignal(texts, self, null);
      drop();
    },
  };
}
