/** Dark or light: the device's choice, or the person's where they made one. */
import { memory } from "../media/memory.ts";

const KEY = "chime-page-theme";

function choose(page: Document, theme: string | null): void {
  if (theme === "light" || theme === "dark") page.documentElement.dataset["theme"] = theme;
}

/** Applies an earlier choice. */
export function applyTheme(page: Document): void {
  choose(page, memory("localStorage", KEY));
}

/** Wires the switch: pressed while the page is light. */
export function createThemeSwitch(page: Document, button: HTMLButtonElement): void {
  const isLight = () =>
    getComputedStyle(page.documentElement).getPropertyValue("--scheme").trim() === "light";
  const show = () => button.setAttribute("aria-pressed", String(isLight()));
  show();
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = isLight() ? "dark" : "light";
    choose(page, next);
    memory("localStorage", KEY, next);
    show();
  });
}
