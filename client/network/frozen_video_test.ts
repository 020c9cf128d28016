import { deepEqual } from "node:assert/strict";
import { videosOf, watchFreezes } from "./frozen_video.ts";

/** A person whose video is read once a second; `said` is what the watch did, with its second. */
function watching() {
  const said: string[] = [];
  let [second, framesDecoded, bytesReceived, track] = [0, 0, 0, "a"];
  const read = watchFreezes({
    renew(id) {
      said.push(`${second} renew ${id}`);
      // As a new subscription does.
      track += "+";
      framesDecoded = bytesReceived = 0;
    },
    stopped: (id, stopped) => said.push(`${second} ${stopped ? "stopped" : "moves"} ${id}`),
  });
  return {
    said,
    pass(seconds: number, frames: number, bytes: number, isWatched = true) {
      for (let left = seconds; left > 0; left--) {
        second++;
        framesDecoded += frames;
        bytesReceived += bytes;
        const reading = { track, framesDecoded, bytesReceived };
        read(new Map([["ada", reading]]), () => isWatched, second * 1000);
      }
    },
  };
}

Deno.test("a video that is decoded is left alone, whatever its frame rate", () => {
  const { said, pass } = watching();
  pass(20, 15, 20_000);
  for (let round = 0; round < 5; round++) {
    pass(3, 0, 500);
    pass(1, 1, 500);
  }
  deepEqual(said, []);
});

Deno.test("a video that is not decoded for four seconds while data arrives is renewed", () => {
  const { said, pass } = watching();
  pass(5, 15, 20_000);
  pass(3, 0, 20_000);
  deepEqual(said, []);
  pass(1, 0, 20_000);
  deepEqual(said, ["9 renew ada"]);
  pass(60, 15, 20_000);
  deepEqual(said.length, 1);
});

Deno.test("a sender that pauses is not taken for a frozen video", () => {
  const { said, pass } = watching();
  pass(5, 15, 20_000);
  // The last packets arrive, but no complete frame.
  pass(1, 0, 300);
  pass(60, 0, 0);
  deepEqual(said, []);
});

Deno.test("hidden videos are not watched, and get four seconds when they are shown again", () => {
  const { said, pass } = watching();
  pass(5, 15, 20_000);
  pass(60, 0, 20_000, false);
  pass(3, 0, 20_000);
  deepEqual(said, []);
  pass(1, 0, 20_000);
  deepEqual(said, ["69 renew ada"]);
});

Deno.test("a video that stays frozen after two attempts is given up, until it moves", () => {
  const { said, pass } = watching();
  pass(5, 15, 20_000);
  pass(60, 0, 20_000);
  deepEqual(said.map((line) => line.replace(/^\d+ /, "")), [
    "renew ada",
    "renew ada",
    "stopped ada",
  ]);
  pass(1, 15, 20_000);
  deepEqual(said.at(-1), "66 moves ada");
});

Deno.test("a video that moves for a moment after each attempt is given up, too", () => {
  const { said, pass } = watching();
  for (let round = 0; round < 3; round++) {
    pass(2, 15, 20_000);
    pass(5, 0, 20_000);
  }
  deepEqual(said.filter((line) => line.includes("renew")).length, 2);
  deepEqual(said.some((line) => line.includes("stopped")), true);
});

Deno.test("a video that recovered is renewed again the next time", () => {
  const { said, pass } = watching();
  for (let round = 0; round < 4; round++) {
    pass(30, 15, 20_000);
    pass(4, 0, 20_000);
  }
  deepEqual(said.map((line) => line.replace(/^\d+ /, "")), Array(4).fill("renew ada"));
});

Deno.test("videos are found in the reports of new and old browsers", () => {
  const video = { kind: "video", framesDecoded: 3, bytesReceived: 9 };
  const expected = [{ track: "t", framesDecoded: 3, bytesReceived: 9 }];
  const own = { type: "inbound-rtp", id: "1", trackIdentifier: "t", ...video };
  deepEqual(videosOf([own, { ...own, kind: "audio" }]), expected);
  deepEqual(
    videosOf([
      { type: "inbound-rtp", id: "1", trackId: "x", ...video },
      { type: "track", id: "x", trackIdentifier: "t" },
    ]),
    expected,
  );
});
