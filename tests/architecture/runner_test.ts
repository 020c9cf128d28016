import assert from "node:assert/strict";
import { countTests } from "../../tools/count_tests.ts";
import { runInLanes } from "../../tools/lanes.ts";
import { PATIENCE_MS } from "../support/patience.ts";

/** Counts a test file of this text. */
async function counted(text: string) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/x_test.ts`, text);
    return await countTests([`${folder}/x_test.ts`], {
      flags: ["--no-check"],
      limitMs: PATIENCE_MS,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("passed and failed tests are counted, and their output is kept", async () => {
  const { passed, failed, output } = await counted(`
    Deno.test("good", () => {});
    Deno.test("bad", () => { throw new Error("the reason"); });
  `);
  assert.deepEqual([passed, failed], [1, 1]);
  assert.match(output, /bad \.\.\. FAILED/);
  assert.match(output, /the reason/);
});

for (
  const [what, text] of [
    ["that cannot be loaded", `import "../nowhere/nowhere.ts";`],
    ["without a test", `export {};`],
    ["that throws outside of its tests", `Deno.test("good", () => {}); throw new Error("x");`],
    [
      "whose process ends in the middle",
      `Deno.test("ends", () => Deno.kill(Deno.pid, "SIGKILL"));`,
    ],
  ] as const
) {
  Deno.test(`a file ${what} counts as failed`, async () => {
    const { passed, failed } = await counted(text);
    assert.deepEqual([passed, failed], [0, 1]);
  });
}

Deno.test("a file that does not end is killed, and counts as failed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const text = `Deno.test("hangs", () => new Promise((done) => setTimeout(done, 3_600_000)));`;
    await Deno.writeTextFile(`${folder}/x_test.ts`, text);
    const run = await countTests([`${folder}/x_test.ts`], { limitMs: 1_000 });
    assert.deepEqual([run.passed, run.failed], [0, 1]);
    assert.match(run.output, /Not done after/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("jobs of the first kind stay within their limit, and every lane has work", async () => {
  const running = new Set<string>();
  const most = { all: 0, first: 0 };
  let done = 0;
  const job = (name: string) => async () => {
    running.add(name);
    const first = [...running].filter((one) => one.startsWith("first")).length;
    most.all = Math.max(most.all, running.size);
    most.first = Math.max(most.first, first);
    // Lets the other jobs run meanwhile.
    for (let times = 0; times < 10; times++) await Promise.resolve();
    running.delete(name);
    done++;
  };
  const jobs = (name: string) => Array.from({ length: 6 }, (_, index) => job(`${name} ${index}`));
  await runInLanes({ all: 4, first: 2 }, jobs("first"), jobs("other"));
  assert.equal(done, 12);
  assert.deepEqual(most, { all: 4, first: 2 });
});
