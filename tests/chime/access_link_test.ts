import assert from "node:assert/strict";
import { Faults } from "../../dev/chime/faults.ts";
import {
  AccessLink,
  type Impairment,
  QUEUE_MS,
  type Timing,
} from "../../dev/chime/media/access_link.ts";
import { NetworkPath, type Wire } from "../../dev/chime/media/network_path.ts";

/** A clock that a test advances, and its timers. */
class TestTime implements Timing {
  #now = 0;
  readonly waiting = new Set<{ at: number; run: () => void }>();
  now(): number {
    return this.#now;
  }
  after(milliseconds: number, run: () => void): () => void {
    const one = { at: this.#now + milliseconds, run };
    this.waiting.add(one);
    return () => void this.waiting.delete(one);
  }
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.waiting.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}

/** A phone on a link that records when each packet arrives. */
function connect(
  impairment?: Partial<Impairment>,
  time = new TestTime(),
  link = new AccessLink(time),
) {
  const arrived = { up: [] as [number, string][], down: [] as [number, string][] };
  const note = (way: "up" | "down") => (data: Uint8Array) =>
    void arrived[way].push([Math.round(time.now()), String(data).trimEnd()]);
  const wire: Wire = {
    send: (data) => Promise.resolve(note("down")(data)),
    onData: note("up"),
  };
  const path = new NetworkPath(Math.random, link, time);
  path.carry(wire);
  if (impairment) path.impair({ lose: 0, delay: 0, ...impairment });
  const up = (name: string | number, bytes = 972) =>
    wire.onData(Buffer.from(String(name).padEnd(bytes)), ["127.0.0.1", 9]);
  const down = (name: string | number, bytes = 972) =>
    void wire.send(Buffer.from(String(name).padEnd(bytes)));
  return { time, link, path, arrived, up, down };
}

Deno.test("a narrow link carries its bandwidth, headers included, and drops what exceeds its queue", () => {
  const { time, arrived, up } = connect({ kbps: 150, delay: 200 });
  // 1000 bytes with headers every 20 ms are 400 kbps.
  for (let packet = 0; packet < 500; packet++) {
    up(packet);
    time.pass(20);
  }
  const steady = arrived.up.filter(([at]) => at > 2000 && at <= 10_000).length;
  assert.ok(Math.abs(steady * 8000 / 8 / 150_000 - 1) < 0.02, `${steady} kB in 8 s`);
  // The last packet waits for the queue and for its own transmission, and then for the delay.
  const longest = Math.max(...arrived.up.map(([at, name]) => at - Number(name) * 20));
  assert.ok(longest > 550 && longest <= QUEUE_MS + 54 + 200, `${longest} ms`);
});

Deno.test("a longer queue adds delay, not bandwidth", () => {
  const { time, arrived, up } = connect({ kbps: 80, queue: 1500 });
  for (let packet = 0; packet < 30; packet++) up(packet);
  time.pass(10_000);
  // 100 ms each: the first leaves at once, fifteen more fit into 1.5 s.
  assert.equal(arrived.up.length, 16);
  assert.deepEqual(arrived.up.at(-1), [1600, "15"]);
});

Deno.test("packets stay in order, even when the link changes meanwhile", () => {
  const { time, arrived, path, down } = connect({ kbps: 100, delay: 300 });
  for (let packet = 0; packet < 4; packet++) down(packet, 100 + 400 * (packet % 2));
  path.impair({ lose: 0, delay: 10 });
  for (let packet = 4; packet < 8; packet++) down(packet);
  path.impair({ lose: 0, delay: 0 });
  down(8);
  time.pass(2000);
  assert.deepEqual(arrived.down.map(([, name]) => name), [..."012345678"]);
});

Deno.test("each direction has its own link, which camera and screen share of one phone share", () => {
  const { time, link, arrived, up, down } = connect({ kbps: 80 });
  const share = connect({ kbps: 80 }, time, link);
  up("camera");
  share.up("share");
  down("picture");
  time.pass(1000);
  assert.deepEqual(arrived.up, [[100, "camera"]]);
  assert.deepEqual(share.arrived.up, [[200, "share"]]);
  assert.deepEqual(arrived.down, [[100, "picture"]]);
});

Deno.test("a lost packet still takes its time on the link", () => {
  const { time, arrived, path, up } = connect({ kbps: 80, lose: 1 });
  up("lost");
  path.impair({ kbps: 80, lose: 0, delay: 0 });
  up("kept");
  time.pass(1000);
  assert.deepEqual(arrived.up, [[200, "kept"]]);
});

Deno.test("a restored link delivers what is waiting at once, and nothing twice", () => {
  const { time, arrived, path, up } = connect({ kbps: 80, delay: 200 });
  for (let packet = 0; packet < 3; packet++) up(packet);
  time.pass(50);
  path.restore();
  assert.deepEqual(arrived.up, [[50, "0"], [50, "1"], [50, "2"]]);
  up(3);
  assert.deepEqual(arrived.up.at(-1), [50, "3"]);
  assert.equal(time.waiting.size, 0);
  time.pass(5000);
  assert.equal(arrived.up.length, 4);
  path.impair({ kbps: 80, lose: 0, delay: 0 });
  for (let packet = 4; packet < 7; packet++) up(packet);
  path.restore();
  path.impair({ kbps: 80, lose: 0, delay: 0 });
  up("afresh");
  time.pass(1000);
  assert.deepEqual(arrived.up.at(-1), [5150, "afresh"]);
});

Deno.test("an impairment ends by itself, unaffected by an earlier one's timer", () => {
  const { time, arrived, path, up } = connect();
  path.impair({ lose: 0, delay: 500 }, 1000);
  path.restore();
  path.impair({ lose: 0, delay: 500 }, 2000);
  time.pass(1500);
  up("still bad");
  time.pass(499);
  assert.deepEqual(arrived.up, []);
  time.pass(1);
  up("good");
  assert.deepEqual(arrived.up, [[2000, "still bad"], [2000, "good"]]);
  assert.equal(time.waiting.size, 0);
});

Deno.test("closing drops everything and leaves no timer, and so does losing the network", () => {
  for (const end of ["close", "deaf"] as const) {
    const { time, link, arrived, path, up, down } = connect({ kbps: 80, delay: 200 });
    const other = connect({ kbps: 80 }, time, link);
    for (let packet = 0; packet < 3; packet++) up(packet), down(packet);
    other.up("stays");
    if (end === "close") path.close();
    else path.deafFor(10);
    up("late");
    assert.equal(arrived.up.length, end === "close" ? 1 : 0);
    time.pass(5000);
    // After closing, packets pass without the link.
    assert.deepEqual(arrived.up.map(([, name]) => name), end === "close" ? ["late"] : []);
    assert.deepEqual(arrived.down, []);
    assert.deepEqual(other.arrived.up.map(([, name]) => name), ["stays"]);
    assert.equal(time.waiting.size, 0);
  }
});

Deno.test("a fault can request a link, and an invalid bandwidth is refused", () => {
  const faults = new Faults();
  const seen: unknown[] = [];
  faults.onImmediate((fault) => void seen.push(fault));
  faults.addUnknown({ kind: "media", attendee: "patient", kbps: 150, delay: 200 });
  assert.deepEqual(seen, [{ kind: "media", attendee: "patient", kbps: 150, delay: 200, lose: 0 }]);
  for (const wrong of [{ kbps: 0 }, { kbps: "150" }, { kbps: 150, queue: -1 }]) {
    assert.throws(() => faults.addUnknown({ kind: "media", ...wrong }), TypeError);
  }
});
