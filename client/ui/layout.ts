/**
 * Where the people stand: pure geometry of the stage, in CSS pixels. One large tile (a shared screen
 * or whoever speaks) with a strip of the others, or everybody of the same size.
 */

/** The room there is. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Where one tile goes; `x` counts from where a line of text begins. */
export interface Rect extends Box {
  readonly x: number;
  readonly y: number;
}

/** Places of the tiles, in their order. */
export interface Arrangement {
  /** With `large`, the first is the large one. */
  readonly rects: readonly Rect[];
  /** Where "and 7 more" stands when a strip has no room for everybody; null: all are shown. */
  readonly rest: Rect | null;
}

const GAP = 8;
/** Smaller than this nobody can be recognised: the stage scrolls, or a strip shows fewer. */
export const SMALLEST = 64;
// A face is seen whole in anything between an upright phone and a wide screen.
const UPRIGHT = 3 / 4;
const WIDE = 16 / 9;

const tileSize = (length: number, tiles: number) => (length - GAP * (tiles - 1)) / tiles;

/** What of a tile a face can use: the largest part of it with a good shape. */
function usable(width: number, height: number): number {
  return Math.min(width, height * WIDE) * Math.min(height, width / UPRIGHT);
}

/** Everybody of the same size; an incomplete last row stands in the middle. */
function grid(count: number, box: Box): readonly Rect[] {
  let columns = 1;
  let best = -1;
  for (let tried = 1; tried <= count; tried++) {
    const width = tileSize(box.width, tried);
    if (tried > 1 && width < SMALLEST) break;
    const height = Math.max(SMALLEST, tileSize(box.height, Math.ceil(count / tried)));
    const scrolled = Math.ceil(count / tried) * (height + GAP) - GAP > box.height + 1;
    const score = usable(width, height) / (scrolled ? 1e3 : 1);
    if (score > best) [best, columns] = [score, tried];
  }
  const rows = Math.ceil(count / columns);
  const width = tileSize(box.width, columns);
  const height = Math.max(SMALLEST, tileSize(box.height, rows));
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const indent = (columns - inRow) * (width + GAP) / 2;
    return {
      x: indent + (index % columns) * (width + GAP),
      y: row * (height + GAP),
      width,
      height,
    };
  });
}

/** One large tile; the others in one line below it, or beside it where the room is wider than high. */
function strip(count: number, box: Box): Arrangement {
  const below = box.height > box.width;
  const [along, across] = below ? [box.width, box.height] : [box.height, box.width];
  const thick = Math.round(Math.min(below ? 144 : 220, Math.max(SMALLEST + 8, across * 0.2)));
  // A wide tile half as high shows no face beside its name.
  const least = Math.max(SMALLEST, thick / 2);
  const others = count - 1;
  const slots = Math.max(1, Math.min(others, Math.floor((along + GAP) / (least + GAP))));
  const length = Math.min(thick * (below ? 1 : 0.75), tileSize(along, slots));
  const start = (along - slots * (length + GAP) + GAP) / 2;
  const place = (slot: number): Rect => {
    const at = start + slot * (length + GAP);
    return below
      ? { x: at, y: across - thick, width: length, height: thick }
      : { x: across - thick, y: at, width: thick, height: length };
  };
  const shown = slots < others ? slots - 1 : others;
  const main = across - thick - GAP;
  const large = below
    ? { x: 0, y: 0, width: along, height: main }
    : { x: 0, y: 0, width: main, height: along };
  return {
    rects: [large, ...Array.from({ length: shown }, (_, slot) => place(slot))],
    rest: shown < others ? place(shown) : null,
  };
}

/**
 * @param count tiles on the stage
 * @param large whether the first tile is shown large
 */
export function arrange(count: number, box: Box, large: boolean): Arrangement {
  if (large && count > 1) return strip(count, box);
  return { rects: grid(count, box), rest: null };
}

/**
 * Whether a picture is shown whole, with bars, instead of filling its tile: when an upright one in a
 * wide tile would lose more than two fifths of its height, and a chin with it. A wide picture in an
 * upright tile loses only its sides, where nobody sits.
 */
export function shownWhole(picture: Box, tile: Box): boolean {
  return (picture.width * tile.height) / (picture.height * tile.width) < 0.6;
}
