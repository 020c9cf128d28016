/** The rows of the More sheet that control a call. Rows that do nothing are hidden. */
import type { Sheet } from "./sheet.ts";
import { element } from "./view.ts";

/** Actions of the rows; null if not available. */
export interface MenuDependencies {
  /** Switches to the other camera. */
  readonly flip: () => void;
  readonly saver: (on: boolean) => void;
  readonly share: (() => void) | null;
  readonly route: ((route: "speaker" | "earpiece") => void) | null;
  readonly large: (large: boolean) => void;
}

export interface Menu {
  large(large: boolean): void;
  sharing(sharing: boolean): void;
  /** @param count number of other people; with one, there is nothing to lay out */
  people(count: number): void;
  /** Whether the camera is on and can be switched. */
  camera(on: boolean): void;
  /** Data saver was changed by the page. */
  saver(on: boolean): void;
}

/** Connects the rows in the document. */
export function createMenu(page: Document, sheet: Sheet, dependencies: MenuDependencies): Menu {
  const row = (id: string) => element<HTMLButtonElement>(page, id);
  const setPressed = (button: HTMLElement, on: boolean) =>
    button.setAttribute("aria-pressed", String(on));
  const toggle = (id: string, run: (on: boolean) => void, shown = true) => {
    const button = row(id);
    button.hidden = !shown;
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      setPressed(button, on);
      run(on);
    });
    return button;
  };
  const large = toggle("large", dependencies.large, false);
  const saver = toggle("saver", dependencies.saver);
  const phone = matchMedia("(pointer: coarse)").matches;
  // Computers have no earpiece, but a list of speakers.
  const route = toggle(
    "route",
    (on) => dependencies.route?.(on ? "speaker" : "earpiece"),
    phone && dependencies.route !== null,
  );
  // The page asks the host for the speaker when a call starts.
  setPressed(route, true);
  const share = row("share");
  // The SDK does not support content sharing in mobile browsers, even if they offer the API.
  share.hidden = dependencies.share === null || phone;
  const flip = row("flip");
  for (const [button, run] of [[share, dependencies.share], [flip, dependencies.flip]] as const) {
    button.addEventListener("click", () => {
      sheet.close();
      run?.();
    });
  }
  return {
    large(on) {
      setPressed(large, on);
      dependencies.large(on);
    },
    sharing: (on) => setPressed(share, on),
    people: (count) => large.hidden = count < 2,
    saver: (on) => setPressed(saver, on),
    camera(on) {
      // Computers have a list of cameras instead.
      flip.hidden = !on || !phone;
    },
  };
}
