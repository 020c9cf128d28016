import { deepEqual, equal } from "node:assert/strict";
import { createAudioContext } from "./audio_context.ts";
import { createArrivals, createTones } from "./tones.ts";

/** Web Audio that only counts; `allowed` resolves once the browser lets the page make sounds. */
function fakeAudio(allowed: Promise<void>) {
  const notes: EventTarget[] = [];
  const calls: string[] = [];
  const parameter = {
    setValueAtTime: () => undefined,
    linearRampToValueAtTime: () => undefined,
    exponentialRampToValueAtTime: () => undefined,
  };
  const context = {
    state: "suspended",
    currentTime: 0,
    destination: {},
    async resume() {
      await allowed;
      calls.push("resume");
      context.state = "running";
    },
    suspend() {
      calls.push("suspend");
      context.state = "suspended";
      return Promise.resolve();
    },
    createOscillator() {
      const node = Object.assign(new EventTarget(), {
        frequency: {},
        connect: () => undefined,
        start: () => undefined,
        stop: () => undefined,
      });
      notes.push(node);
      return node;
    },
    createGain: () => ({ gain: parameter, connect: () => undefined }),
  };
  return { context: context as unknown as AudioContext, notes, calls };
}
const turn = () => new Promise((done) => setTimeout(done));

Deno.test("a tone plays, and then audio is suspended again", async () => {
  const { context, notes, calls } = fakeAudio(Promise.resolve());
  const tones = createTones(new EventTarget(), () => context, () => 0);
  equal(await tones.play("arrival"), true);
  equal(notes.length, 2);
  deepEqual(calls, ["resume"]);
  notes.at(-1)?.dispatchEvent(new Event("ended"));
  deepEqual(calls, ["resume", "suspend"]);
});

Deno.test("a tone does not end with another one that began earlier", async () => {
  const { context, notes, calls } = fakeAudio(Promise.resolve());
  const tones = createTones(new EventTarget(), () => context, () => 0);
  await tones.play("arrival");
  await tones.play("start");
  notes[1]?.dispatchEvent(new Event("ended"));
  deepEqual(calls, ["resume", "resume"]);
  notes.at(-1)?.dispatchEvent(new Event("ended"));
  deepEqual(calls, ["resume", "resume", "suspend"]);
});

Deno.test("the first tap or key allows sound, and later ones do nothing", async () => {
  const { context, calls } = fakeAudio(Promise.resolve());
  const page = new EventTarget();
  createTones(page, () => context);
  for (const event of ["keydown", "click", "click"]) page.dispatchEvent(new Event(event));
  await turn();
  deepEqual(calls, ["resume", "suspend"]);
});

Deno.test("a tone that may only play much later is not played", async () => {
  let allow = () => {};
  let now = 0;
  const { context, notes } = fakeAudio(new Promise((done) => allow = done));
  const tones = createTones(new EventTarget(), () => context, () => now);
  const played = tones.play("start");
  now = 60_000;
  allow();
  equal(await played, false);
  equal(notes.length, 0);
});

Deno.test("without Web Audio, or with one that refuses, nothing throws", async () => {
  const page = new EventTarget();
  const tones = createTones(page, () => createAudioContext({}));
  page.dispatchEvent(new Event("click"));
  equal(await tones.play("test"), false);
  const { context } = fakeAudio(Promise.reject(new DOMException("", "NotAllowedError")));
  equal(await createTones(new EventTarget(), () => context).play("test"), false);
});

Deno.test("before iOS 14.5, Web Audio has a prefix", () => {
  class Prefixed {}
  const made = createAudioContext({ webkitAudioContext: Prefixed as typeof AudioContext });
  equal(made instanceof Prefixed, true);
});

Deno.test("each person is greeted once, and nobody who was there before or comes in a crowd", () => {
  let now = 0;
  const greeted: string[] = [];
  let last = "";
  const arrivals = createArrivals(() => greeted.push(last), () => now);
  const come = (id: string, at: number) => {
    [now, last] = [at, id];
    arrivals.joined(id);
  };
  come("before the start", 0);
  arrivals.started();
  come("there already", 2_000);
  come("late", 10_000);
  come("late", 20_000);
  come("first of a crowd", 30_000);
  come("second of a crowd", 30_500);
  // A reconnected call begins with everyone who is in it.
  arrivals.started();
  come("late", 31_000);
  come("there already", 40_000);
  deepEqual(greeted, ["late", "first of a crowd"]);
});
