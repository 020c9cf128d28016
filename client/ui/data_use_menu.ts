/** The choice of data use in the lobby, with the megabytes that an hour of each costs. */
import type { Texts } from "../i18n/texts.ts";
import { type Use, USES, type Wish } from "../media/wish.ts";
import { megabytesAnHour, topRung } from "../network/data_use.ts";

const LABELS = { video: "useVideo", saver: "useSaver", sound: "useSound" } as const;

export interface DataUseDependencies {
  readonly page: Document;
  readonly texts: Texts;
  readonly wish: Wish;
  /** Whether the screen is large enough for 540p. */
  readonly wide: boolean;
  /** Changes the wish, and the devices. */
  readonly choose: (change: Partial<Wish>) => void;
}

/**
 * Fills the menu, if the page has a lobby.
 * @returns a function that shows the choice and the megabytes, to call after each change
 */
export function createDataUseMenu(
  { page, texts, wish, wide, choose }: DataUseDependencies,
): () => void {
  const menu = page.getElementById("use") as HTMLSelectElement | null;
  if (menu === null) return () => undefined;
  menu.append(...USES.map((use) => new Option("", use)));
  const draw = () => {
    for (const option of menu.options) {
      const use = option.value as Use;
      const top = topRung(use, wide);
      // Rounded to tens, since it is an estimate.
      const megabytes = Math.round(megabytesAnHour(wish.camera ? top : 0, top) / 10) * 10;
      texts.say(option, LABELS[use], { count: `${megabytes}` });
    }
    menu.value = wish.use;
  };
  menu.addEventListener("change", () => {
    choose({ use: menu.value as Use });
    draw();
  });
  return draw;
}
