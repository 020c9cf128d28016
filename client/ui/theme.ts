/** Dark or light theme: the person's choice, or that of the device by default. */
import { storage } from "../media/storage.ts";

const KEY = "chime-page-theme";

function choose(page: Document, theme: string | null): void {
  if (theme === "light" || theme === "dark") page.documentElement.dataset["theme"] = theme;
}

/** Applies the saved choice. */
export function applyTheme(page: Document): void {
  choose(page, storage("localStorage", KEY));
}

/** Connects the switch, which is pressed while the theme is light. */
export function createThemeSwitch(page: Document, button: HTMLButtonElement): void {
  const isLight = () =>
    getComputedStyle(page.documentElement).getPropertyValue("--scheme").trim() === "light";
  const show = () => button.setAttribute("aria-pressed", String(isLight()));
  show();
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = isLight() ? "dark" : "light";
    choose(page, next);
    storage("localStorage", KEY, next);
    show();
  });
}
