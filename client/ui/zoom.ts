/**
 * Zoom for a shared screen, because its text is tiny on a phone: by pinching, a double tap or
 * buttons. The area is a native scroll container, so panning needs no code.
 */

const MAX_SCALE = 4;
/** Factor of a double tap or a press of the button. */
const STEP = 2;

/**
 * Makes the content of a scroll container zoomable: its size must follow `--zoom`.
 * @param area the container; its direction must be `ltr`
 * @param enlarge zooms in
 * @param reset shows everything again; hidden while everything is shown
 */
export function makeZoomable(area: HTMLElement, enlarge: HTMLElement, reset: HTMLElement): void {
  let scale = 1;
  let distance = 0;
  /** `point` keeps its place; by default the middle. */
  const zoom = (next: number, point?: Pick<MouseEvent, "clientX" | "clientY">) => {
    const box = area.getBoundingClientRect();
    const x = point ? point.clientX - box.left : box.width / 2;
    const y = point ? point.clientY - box.top : box.height / 2;
    const factor = Math.min(MAX_SCALE, Math.max(1, next)) / scale;
    const [left, top] = [(area.scrollLeft + x) * factor - x, (area.scrollTop + y) * factor - y];
    scale *= factor;
    area.style.setProperty("--zoom", `${scale}`);
    area.scrollTo(left, top);
    // Arrow keys pan while there is something to pan.
    area.tabIndex = scale > 1 ? 0 : -1;
    reset.hidden = scale === 1;
    enlarge.hidden = scale === MAX_SCALE;
  };
  const press = (next: number) => {
    zoom(next);
    (enlarge.hidden ? reset : enlarge).focus();
  };
  enlarge.addEventListener("click", () => press(scale * STEP));
  reset.addEventListener("click", () => press(1));
  area.addEventListener("dblclick", (event) => zoom(scale > 1 ? 1 : STEP, event));
  // Not pointer events, which end when the browser starts to scroll.
  const pinch = (event: TouchEvent) => {
    // Not iterable everywhere.
    const { 0: one, 1: two } = event.touches;
    if (!one || !two) return;
    // Otherwise iOS zooms the whole page.
    if (event.cancelable) event.preventDefault();
    const before = distance;
    distance = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
    if (event.type === "touchstart") return;
    zoom(scale * distance / before, {
      clientX: (one.clientX + two.clientX) / 2,
      clientY: (one.clientY + two.clientY) / 2,
    });
  };
  for (const type of ["touchstart", "touchmove"] as const) {
    area.addEventListener(type, pinch, { passive: false });
  }
  zoom(1);
}
