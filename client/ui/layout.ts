/**
 * Layout of the stage, in CSS pixels: one large tile (a shared screen or the current speaker) with
 * a strip of the others, or a grid of equal tiles. Pure.
 */

/** A size. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Position and size of a tile. `x` is measured from the inline start: the right side in Arabic. */
export interface Rect extends Box {
  readonly x: number;
  readonly y: number;
}

/** Positions of the tiles, in order. */
export interface Arrangement {
  /** With `large`, the first is the large one. */
  readonly rects: readonly Rect[];
  /** Position of the "+7" button if a strip has no room for everyone; null if all are shown. */
  readonly rest: Rect | null;
}

const GAP = 8;
/** Minimum tile size for recognizable faces. If needed, the stage scrolls or a strip has fewer. */
export const SMALLEST = 64;
// Faces fit into any aspect ratio between these.
const MIN_RATIO = 3 / 4;
const MAX_RATIO = 16 / 9;

const tileSize = (length: number, tiles: number) => (length - GAP * (tiles - 1)) / tiles;

/** Area of the largest part of a tile with an aspect ratio that suits a face. */
function usableArea(width: number, height: number): number {
  return Math.min(width, height * MAX_RATIO) * Math.min(height, width / MIN_RATIO);
}

/** Equal tiles; an incomplete last row is centered. */
function grid(count: number, box: Box): readonly Rect[] {
  let columns = 1;
  let best = -1;
  for (let columnCount = 1; columnCount <= count; columnCount++) {
    const width = tileSize(box.width, columnCount);
    if (columnCount > 1 && width < SMALLEST) break;
    const height = Math.max(SMALLEST, tileSize(box.height, Math.ceil(count / columnCount)));
    const scrolls = Math.ceil(count / columnCount) * (height + GAP) - GAP > box.height + 1;
    const score = usableArea(width, height) / (scrolls ? 1e3 : 1);
    if (score > best) [best, columns] = [score, columnCount];
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

/** One large tile, with the others in a column beside it or, in portrait, in a row below it. */
function strip(count: number, box: Box): Arrangement {
  const below = box.height > box.width;
  const [along, across] = below ? [box.width, box.height] : [box.height, box.width];
  const thickness = Math.round(Math.min(below ? 144 : 220, Math.max(SMALLEST + 8, across * 0.2)));
  // Wide tiles that are even lower have no room for a face and a name.
  const minLength = Math.max(SMALLEST, thickness / 2);
  const others = count - 1;
  const slots = Math.max(1, Math.min(others, Math.floor((along + GAP) / (minLength + GAP))));
  const length = Math.min(thickness * (below ? 1 : 0.75), tileSize(along, slots));
  const start = (along - slots * (length + GAP) + GAP) / 2;
  const place = (slot: number): Rect => {
    const at = start + slot * (length + GAP);
    return below
      ? { x: at, y: across - thickness, width: length, height: thickness }
      : { x: across - thickness, y: at, width: thickness, height: length };
  };
  const shown = slots < others ? slots - 1 : others;
  const main = across - thickness - GAP;
  const large = below
    ? { x: 0, y: 0, width: along, height: main }
    : { x: 0, y: 0, width: main, height: along };
  return {
    rects: [large, ...Array.from({ length: shown }, (_, slot) => place(slot))],
    rest: shown < others ? place(shown) : null,
  };
}

/**
 * Lays out the stage.
 * @param count number of tiles
 * @param large whether the first tile is shown large
 */
export function arrange(count: number, box: Box, large: boolean): Arrangement {
  if (large && count > 1) return strip(count, box);
  return { rects: grid(count, box), rest: null };
}

/**
 * Whether a video is letterboxed instead of cropped to fill its tile. This is the case if a tall
 * video in a wide tile would lose more than 40 % of its height, and with it someone's chin. A wide
 * video in a tall tile only loses its sides.
 */
export function shownWhole(picture: Box, tile: Box): boolean {
  return (picture.width * tile.height) / (picture.height * tile.width) < 0.6;
}
