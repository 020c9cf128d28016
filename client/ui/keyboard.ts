/** Makes room for the on-screen keyboard. */

/**
 * Keeps the page above the keyboard. Most browsers let the keyboard cover the page instead of making
 * the page smaller, and tell so only by the visual viewport.
 * @param app the element that fills the page
 */
export function followKeyboard(app: HTMLElement): void {
  const { body, documentElement: root, defaultView } = app.ownerDocument;
  const viewport = defaultView?.visualViewport;
  if (!viewport) return;
  const fit = () => {
    const { height, offsetTop, scale } = viewport;
    const zoomed = scale > 1.01;
    const covered = zoomed ? 0 : Math.max(0, root.clientHeight - height);
    app.style.top = covered ? `${offsetTop}px` : "";
    app.style.bottom = covered ? `${covered - offsetTop}px` : "";
    // Little height is left: the chat takes what the header and the controls need otherwise.
    body.classList.toggle("short", !zoomed && height <= (root.clientWidth < 480 ? 430 : 240));
  };
  viewport.addEventListener("resize", fit);
  viewport.addEventListener("scroll", fit);
  fit();
}
