/**
 * A sheet: modal at the bottom of phones, a popover at its button on larger screens. It manages the
 * focus itself, because some supported browsers lack `<dialog>`, `popover` and `inert`.
 */

export interface Sheet {
  /** Opens the sheet, or closes it if it is open. */
  toggle(): void;
  /** Returns whether it was open. */
  close(): boolean;
}

/** Screens with room for a popover; the same query as in sheets.css. */
const ROOMY = "(min-width: 720px) and (min-height: 520px)";
/** Between the popover and its button, or the edge of the window. In CSS pixels. */
const GAP = 8;

/** Positions a popover above its button, or below it in the upper half of the window. */
function place(cover: HTMLElement, panel: HTMLElement, opener: HTMLElement): void {
  const { left, right, top, bottom } = opener.getBoundingClientRect();
  const below = bottom < innerHeight / 2;
  const end = innerWidth - panel.offsetWidth - GAP;
  const x = Math.max(GAP, Math.min((left + right - panel.offsetWidth) / 2, end));
  cover.style.setProperty("--x", `${x}px`);
  cover.classList.toggle("below", below);
  cover.style.setProperty("--y", `${(below ? bottom : innerHeight - top) + GAP}px`);
}

/**
 * @param cover covers the page and contains the panel; closed by Escape, `[data-close]`, or a tap or
 * click outside the panel
 * @param behind made inaccessible while a modal sheet is open
 * @param opener gets the focus back
 */
export function createSheet(cover: HTMLElement, behind: HTMLElement, opener: HTMLElement): Sheet {
  const page = cover.ownerDocument;
  const panel = cover.firstElementChild as HTMLElement;
  const roomy = matchMedia(ROOMY);
  let modal = false;

  const isOutside = ({ target }: Event) =>
    target instanceof Node && !panel.contains(target) && (modal || !opener.contains(target));
  const onFocus = (event: Event) => {
    if (!isOutside(event)) return;
    if (modal) panel.focus();
    else hide();
  };
  const onPress = (event: Event) => !modal && isOutside(event) && hide();
  // Listens on the page, because Tab may have moved the focus out of the sheet.
  const onKeydown = (event: Event) =>
    event instanceof KeyboardEvent && event.key === "Escape" && close();
  const onResize = () => {
    if (modal === roomy.matches) close();
    else if (!modal) place(cover, panel, opener);
  };
  const show = (shown: boolean) => {
    cover.hidden = !shown;
    opener.setAttribute("aria-expanded", String(shown));
    // Without support for `inert`, `aria-hidden` and onFocus have to do.
    behind.inert = shown && modal;
    if (shown && modal) behind.setAttribute("aria-hidden", "true");
    else behind.removeAttribute("aria-hidden");
    const change = shown ? "addEventListener" : "removeEventListener";
    page[change]("focusin", onFocus);
    page[change]("keydown", onKeydown);
    page[change]("pointerdown", onPress);
    globalThis[change]("resize", onResize);
  };
  const hide = () => show(false);
  const close = () => {
    if (cover.hidden) return false;
    hide();
    opener.focus();
    return true;
  };
  cover.addEventListener("click", ({ target }) => {
    if (target === cover || target instanceof Element && target.closest("[data-close]")) close();
  });
  return {
    close,
    toggle() {
      if (close()) return;
      modal = !roomy.matches;
      panel.setAttribute("aria-modal", String(modal));
      show(true);
      place(cover, panel, opener);
      panel.focus();
    },
  };
}
