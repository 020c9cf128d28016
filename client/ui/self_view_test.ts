import { deepEqual } from "node:assert/strict";
import { cornerByKey, nearestCorner } from "./self_view.ts";

Deno.test("the self view moves to the corner of an arrow key, and to the nearest corner when dropped", () => {
  // 1 is the inline end, the right side in English; 2 is the bottom.
  const keys = ["ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft", "a"];
  deepEqual(keys.map((key) => cornerByKey(3, key)), [1, 3, 3, 2, 3]);
  deepEqual(keys.map((key) => cornerByKey(0, key)), [0, 1, 2, 0, 0]);
  // In Arabic, 1 is the left side.
  deepEqual(keys.map((key) => cornerByKey(3, key, true)), [1, 2, 3, 3, 3]);
  deepEqual(
    [[10, 10], [290, 10], [10, 400], [290, 400]].map(([x = 0, y = 0]) =>
      nearestCorner(x, y, 300, 410)
    ),
    [0, 1, 2, 3],
  );
});
