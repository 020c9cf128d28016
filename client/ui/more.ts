/** The sheet of further controls: each line is there only where it does something. */
import type { Sheet } from "./sheet.ts";
import { element } from "./view.ts";

/** What the lines do; null: not possible here. */
export interface MenuDependencies {
  /** Takes the other camera. */
  readonly flip: (() => void) | null;
  readonly saver: ((on: boolean) => void) | null;
  readonly share: (() => void) | null;
  readonly route: ((route: "speaker" | "earpiece") => void) | null;
  readonly large: (large: boolean) => void;
}

/** The lines of a call. */
export interface Menu {
  large(large: boolean): void;
  sharing(sharing: boolean): void;
  /** How many others there are: with one there is nothing to arrange. */
  people(count: number): void;
  /** Whether there is a picture to turn around. */
  camera(on: boolean): void;
  /** Data saver switched by the page itself. */
  saver(on: boolean): void;
}

/** Wires the lines the server rendered. */
export function createMenu(page: Document, sheet: Sheet, dependencies: MenuDependencies): Menu {
  const row = (id: string) => element<HTMLButtonElement>(page, id);
  const press = (button: HTMLElement, on: boolean) =>
    button.setAttribute("aria-pressed", String(on));
  const toggle = (id: string, run: ((on: boolean) => void) | null, shown = run !== null) => {
    const button = row(id);
    button.hidden = !shown;
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      press(button, on);
      run?.(on);
    });
    return button;
  };
  const large = toggle("large", dependencies.large, false);
  const saver = toggle("saver", dependencies.saver);
  const route = toggle(
    "route",
    dependencies.route && ((on) => dependencies.route?.(on ? "speaker" : "earpiece")),
  );
  // The page asks the host for the loudspeaker when a call begins.
  press(route, true);
  const phone = matchMedia("(pointer: coarse)").matches;
  const share = row("share");
  // Amazon: content share is not for mobile browsers, whatever they offer.
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
      press(large, on);
      dependencies.large(on);
    },
    sharing: (on) => press(share, on),
    people: (count) => large.hidden = count < 2,
    saver: (on) => press(saver, on),
    camera(on) {
      flip.hidden = !on || dependencies.flip === null || !phone;
      if (!on || phone || dependencies.flip === null) return;
      navigator.mediaDevices.enumerateDevices().then((devices) => {
        flip.hidden = devices.filter(({ kind }) => kind === "videoinput").length < 2;
      }, () => undefined);
    },
  };
}
