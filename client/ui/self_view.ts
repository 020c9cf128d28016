/** Moves the self view between four corners: by dragging, with arrow keys or with a tap. */

/** Number of a corner, stored in `data-corner`: bit 0 means right, bit 1 means bottom. */
export type Corner = 0 | 1 | 2 | 3;

/** Returns the corner of a box that is nearest to a point. Pure. */
export function nearestCorner(x: number, y: number, width: number, height: number): Corner {
  return (Number(x > width / 2) + 2 * Number(y > height / 2)) as Corner;
}

/** Returns the corner that an arrow key moves to; other keys change nothing. Pure. */
export function cornerByKey(corner: Corner, key: string): Corner {
  const next = {
    ArrowLeft: corner & 2,
    ArrowRight: corner | 1,
    ArrowUp: corner & 1,
    ArrowDown: corner | 2,
  }[key];
  return (next ?? corner) as Corner;
}

// A tap moves clockwise.
const NEXT = [1, 3, 0, 2] as const;
// Shorter movements count as a tap.
const TAP_PX = 8;

/** Makes the self view movable inside its parent. */
export function makeMovable(picture: HTMLElement, handle: HTMLElement): void {
  const corner = () => Number(picture.dataset["corner"]) as Corner;
  const moveTo = (next: Corner) => picture.dataset["corner"] = String(next);
  let from: PointerEvent | null = null;
  let dragged = false;

  handle.addEventListener("keydown", (event) => {
    const next = cornerByKey(corner(), event.key);
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
      moveTo(nearestCorner(x, y, room.width, room.height));
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
