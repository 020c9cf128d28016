/// <reference lib="dom" />
/** What a person can see and tap. */
import type { Page } from "playwright-core";

/** Observers hear of a resize within a frame: it is over when the next one begins. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(() =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  );

/** Which of these are not entirely visible, or cannot be tapped in the middle, without scrolling. */
export const outOfSight = (page: Page, ids: readonly string[]): Promise<string[]> =>
  page.evaluate((ids) =>
    ids.filter((id) => {
      const target = document.getElementById(id);
      const box = target?.getBoundingClientRect();
      if (!target || !box || box.width === 0) return true;
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight ||
        !target.contains(top);
    }), ids);

/** Whose tiles the self view covers. */
export const covered = (page: Page) =>
  page.evaluate(() => {
    const own = document.getElementById("self")?.getBoundingClientRect() as DOMRect;
    const on = (box: DOMRect) =>
      own.left < box.right - 1 && box.left < own.right - 1 && own.top < box.bottom - 1 &&
      box.top < own.bottom - 1;
    const tiles = [...document.querySelectorAll(".tile, .rest")];
    const whole = own.left >= 0 && own.top >= 0 && own.right <= innerWidth &&
      own.bottom <= innerHeight;
    return [
      ...tiles.filter((tile) => on(tile.getBoundingClientRect())).map(({ textContent }) =>
        textContent
      ),
      ...whole ? [] : ["the self view is cut off"],
    ];
  });
