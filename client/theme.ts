/** Dark or light: the device's choice, or the person's where they made one. */
import { memory } from "./memory.ts";

const KEY = "chime-page-theme";

/** Applies an earlier choice and wires the switch. */
export function createTheme(page: Document, button: HTMLButtonElement): void {
  const root = page.documentElement;
  const show = (theme: string | null) => {
    if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
    const light = getComputedStyle(root).getPropertyValue("--scheme").trim() === "light";
    button.setAttribute("aria-pressed", String(light));
    return light;
  };
  show(memory("localStorage", KEY));
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = show(null) ? "dark" : "light";
    show(next);
    memory("localStorage", KEY, next);
  });
}
