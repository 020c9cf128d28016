/** The own picture in one of four corners: moved by drag, by arrow keys, or by a tap to the next one. */

/** A corner's number, `data-corner` of the picture: 1 is the right side, 2 the bottom, 3 both. */
export type Corner = 0 | 1 | 2 | 3;

/** The corner nearest to a point of a box. Pure. */
export function nearestCorner(x: number, y: number, width: number, height: number): Corner {
  return (Number(x > width / 2) + 2 * Number(y > height / 2)) as Corner;
}

/** The corner an arrow key leads to; any other key leaves it. Pure. */
export function cornerByKey(corner: Corner, key: string): Corner {
  const led = {
    ArrowLeft: corner & 2,
    ArrowRight: corner | 1,
    ArrowUp: corner & 1,
    ArrowDown: corner | 2,
  }[key];
  return (led ?? corner) as Corner;
}

// Clockwise: what a tap makes of each corner.
const NEXT = [1, 3, 0, 2] as const;
// A finger trembles: less than this is a tap.
const TAP_PX = 8;

/** Makes the picture movable inside the element it stands in. */
export function movable(picture: HTMLElement, handle: HTMLElement): void {
  const corner = () => Number(picture.dataset["corner"]) as Corner;
  const go = (next: Corner) => picture.dataset["corner"] = String(next);
  let from: PointerEvent | null = null;
  let dragged = false;

  handle.addEventListener("keydown", (event) => {
    const next = cornerByKey(corner(), event.key);
    if (next === corner()) return;
    event.preventDefault();
    go(next);
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
      go(nearestCorner(x, y, room.width, room.height));
    }
    from = null;
    picture.style.transform = "";
  };
  handle.addEventListener("pointerup", drop);
  handle.addEventListener("pointercancel", drop);
  handle.addEventListener("click", () => {
    if (!dragged) go(NEXT[corner()]);
    dragged = false;
  });
}
