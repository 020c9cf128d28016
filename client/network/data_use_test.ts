import { deepEqual, equal } from "node:assert/strict";
import { megabytesAnHour, topRung } from "./data_use.ts";

Deno.test("the data of an hour is as measured", () => {
  const table: [send: number, receive: number, megabytes: number][] = [
    [0, 0, 36],
    [1, 1, 126],
    [2, 2, 261],
    [0, 2, 148.5],
    [3, 3, 756],
  ];
  for (const [send, receive, expected] of table) equal(megabytesAnHour(send, receive), expected);
});

Deno.test("each choice of data use has its highest quality", () => {
  const tops = (["video", "saver", "sound"] as const).map((use) => topRung(use, false));
  deepEqual([...tops, topRung("video", true)], [2, 1, 0, 3]);
});
