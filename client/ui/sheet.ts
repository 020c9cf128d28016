/**
 * A sheet over the page. Focus goes into it, stays there and comes back, by hand: `<dialog>` and
 * `inert` are too new for some engines.
 */

/** One sheet. */
export interface Sheet {
  open(): void;
  /** Answers whether it was open. */
  close(): boolean;
}

/**
 * @param cover the sheet's element; a tap beside its panel, Escape and `[data-close]` close it
 * @param behind what can't be reached meanwhile
 */
export function createSheet(cover: HTMLElement, behind: HTMLElement): Sheet {
  const page = cover.ownerDocument;
  const panel = cover.firstElementChild as HTMLElement;
  let opener: Element | null = null;

  const keep = (event: FocusEvent) => {
    if (event.target instanceof Node && !cover.contains(event.target)) panel.focus();
  };
  // On the page, not the sheet: Tab may have led out of it into the browser's own controls.
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
  };
  const cut = (off: boolean) => {
    // Engines that know `inert` need nothing else; the others get at least a closed ear and a leash.
    behind.inert = off;
    if (off) behind.setAttribute("aria-hidden", "true");
    else behind.removeAttribute("aria-hidden");
  };
  const close = () => {
    if (cover.hidden) return false;
    cover.hidden = true;
    cut(false);
    page.removeEventListener("focusin", keep);
    page.removeEventListener("keydown", escape);
    if (opener instanceof HTMLElement) opener.focus();
    return true;
  };
  cover.addEventListener("click", ({ target }) => {
    if (target === cover || target instanceof Element && target.closest("[data-close]")) close();
  });
  return {
    close,
    open() {
      opener = page.activeElement;
      cover.hidden = false;
      cut(true);
      panel.focus();
      page.addEventListener("focusin", keep);
      page.addEventListener("keydown", escape);
    },
  };
}
