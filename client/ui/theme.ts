/** Light or dark theme: the person's choice, or that of the device. */
import { storage } from "../media/storage.ts";

const KEY = "chime-page-theme";

/** Applies the saved choice. Without one, the styles follow the device. */
export function applyTheme(page: Document): void {
  const theme = storage("localStorage", KEY);
  if (theme === "light" || theme === "dark") page.documentElement.dataset["theme"] = theme;
}

/** Connects the menu of themes. The choice is remembered on this device. */
export function createThemeMenu(page: Document, menu: HTMLSelectElement): void {
  menu.value = page.documentElement.dataset["theme"] ?? "system";
  menu.addEventListener("change", () => {
    storage("localStorage", KEY, menu.value);
    delete page.documentElement.dataset["theme"];
    applyTheme(page);
  });
}
