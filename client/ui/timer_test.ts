import { equal } from "node:assert/strict";
import { callTime } from "./timer.ts";

Deno.test("a call's time has minutes and seconds, and hours after the first hour", () => {
  const time = (hours: number, minutes: number, seconds: number) =>
    callTime(((hours * 60 + minutes) * 60 + seconds) * 1000);
  equal(callTime(999), "00:00");
  equal(time(0, 0, 7), "00:07");
  equal(time(0, 59, 59), "59:59");
  equal(time(1, 0, 0), "1:00:00");
  equal(time(1, 2, 3), "1:02:03");
  equal(time(11, 5, 9), "11:05:09");
});
