/**
 * A modal sheet. It manages the focus itself, because some supported browsers lack `<dialog>` and
 * `inert`.
 */

export interface Sheet {
  open(): void;
  /** Returns whether it was open. */
  close(): boolean;
}

/**
 * @param cover covers the page and contains the panel; closed by Escape, `[data-close]` or a tap
 * outside the panel
 * @param behind made inaccessible while the sheet is open
 */
export function createSheet(cover: HTMLElement, behind: HTMLElement): Sheet {
  const page = cover.ownerDocument;
  const panel = cover.firstElementChild as HTMLElement;
  let opener: Element | null = null;

  const trapFocus = (event: FocusEvent) => {
    if (event.target instanceof Node && !cover.contains(event.target)) panel.focus();
  };
  // Listens on the page, because Tab may have moved the focus out of the sheet.
  const onKeydown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
  };
  const setInert = (inert: boolean) => {
    // Without support for `inert`, `aria-hidden` and trapFocus have to do.
    behind.inert = inert;
    if (inert) behind.setAttribute("aria-hidden", "true");
    else behind.removeAttribute("aria-hidden");
  };
  const close = () => {
    if (cover.hidden) return false;
    cover.hidden = true;
    setInert(false);
    page.removeEventListener("focusin", trapFocus);
    page.removeEventListener("keydown", onKeydown);
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
      setInert(true);
      panel.focus();
      page.addEventListener("focusin", trapFocus);
      page.addEventListener("keydown", onKeydown);
    },
  };
}
