import { deepEqual, equal, ok } from "node:assert/strict";
import { arrange, type Rect, shownWhole, SMALLEST } from "./layout.ts";

/** The space between bar and controls on common screens. */
const BOXES = {
  "a 320 px phone": { width: 304, height: 380 },
  "a 360 px phone": { width: 344, height: 470 },
  "a phone in landscape": { width: 624, height: 250 },
  "a tablet": { width: 736, height: 840 },
  "a laptop": { width: 1248, height: 620 },
  "a desktop": { width: 1888, height: 900 },
} as const;

const overlap = (one: Rect, two: Rect) =>
  one.x < two.x + two.width - 0.01 && two.x < one.x + one.width - 0.01 &&
  one.y < two.y + two.height - 0.01 && two.y < one.y + one.height - 0.01;

/** What is wrong with an arrangement. */
function faults(rects: readonly Rect[], box: { width: number; height: number }): string[] {
  return rects.flatMap((rect, index) => [
    ...(rect.x < -0.01 || rect.y < -0.01 || rect.x + rect.width > box.width + 0.01 ||
        rect.y + rect.height > box.height + 0.01
      ? [`${index} is outside`]
      : []),
    ...(rect.width < SMALLEST * 0.85 || rect.height < 48 ? [`${index} is too small`] : []),
    ...rects.slice(index + 1).some((other) => overlap(rect, other)) ? [`${index} overlaps`] : [],
  ]);
}

for (const [name, box] of Object.entries(BOXES)) {
  Deno.test(`1 to 15 tiles on ${name} do not overlap and are large enough`, () => {
    for (let count = 1; count <= 15; count++) {
      const { rects, rest } = arrange(count, box, false);
      equal(rects.length, count);
      equal(rest, null);
      // A small phone in landscape scrolls for very many; everywhere else all are visible at once.
      const room = { ...box, height: box.height < 300 ? Infinity : box.height };
      deepEqual(faults(rects, room), [], `${count} people`);
    }
  });

  Deno.test(`one large tile and a strip on ${name} do not overlap, and tiles without space are counted`, () => {
    for (let count = 2; count <= 16; count++) {
      const { rects, rest } = arrange(count, box, true);
      const shown = rest === null ? rects : [...rects, rest];
      deepEqual(faults(shown, box), [], `${count} tiles`);
      equal(rects.length < count, rest !== null);
      const [large, ...others] = rects.map(({ width, height }) => width * height);
      ok(others.every((other) => other * 2 < (large ?? 0)), `${count}: the large one is large`);
    }
  });
}

/** Visible columns and rows of a grid. */
function shape(count: number, box: { width: number; height: number }): string {
  const { rects } = arrange(count, box, false);
  const distinct = (key: "x" | "y") => new Set(rects.map((rect) => Math.round(rect[key]))).size;
  const inFirstRow = rects.filter((rect) => rect.y === 0).length;
  return `${inFirstRow}x${distinct("y")}`;
}

Deno.test("the grid follows the screen's shape", () => {
  const shapes = Object.fromEntries(
    ["a 360 px phone", "a phone in landscape", "a laptop"].map((name) => [
      name,
      [1, 2, 3, 4, 6, 9, 15].map((count) => shape(count, BOXES[name as keyof typeof BOXES])),
    ]),
  );
  deepEqual(shapes, {
    "a 360 px phone": ["1x1", "1x2", "1x3", "2x2", "2x3", "3x3", "3x5"],
    "a phone in landscape": ["1x1", "2x1", "3x1", "4x1", "3x2", "5x2", "5x3"],
    "a laptop": ["1x1", "2x1", "3x1", "2x2", "3x2", "5x2", "5x3"],
  });
});

Deno.test("an incomplete last row is centred", () => {
  const { rects } = arrange(5, BOXES["a laptop"], false);
  const [left, right] = rects.slice(3);
  ok(left && right);
  equal(Math.round(left.x), Math.round(BOXES["a laptop"].width - right.x - right.width));
});

Deno.test("a portrait picture is shown entirely on a wide screen, and fills a portrait one", () => {
  const phone = { width: 360, height: 640 };
  equal(shownWhole(phone, BOXES["a laptop"]), true);
  equal(shownWhole(phone, BOXES["a 360 px phone"]), false);
  equal(shownWhole({ width: 640, height: 360 }, BOXES["a laptop"]), false);
  equal(shownWhole({ width: 640, height: 360 }, BOXES["a 360 px phone"]), false);
});
