/** Dark or light: the device's choice, or the person's where they made one. */

const KEY = "chime-page-theme";

/** Applies an earlier choice and wires the switch. A store that is closed costs only the memory. */
export function createTheme(page: Document, button: HTMLButtonElement): void {
  const root = page.documentElement;
  const show = (theme: string | null) => {
    if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
    const light = getComputedStyle(root).getPropertyValue("--scheme").trim() === "light";
    button.setAttribute("aria-pressed", String(light));
    return light;
  };
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // Frames without storage: the device's choice.
  }
  show(stored);
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = show(null) ? "dark" : "light";
    show(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // As above.
    }
  });
}
