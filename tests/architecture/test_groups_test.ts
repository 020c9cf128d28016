import assert from "node:assert/strict";
import { reach, readGraph, sources } from "../../tools/imports.ts";
import { findTests, groupOf, LONGEST } from "../../tools/test_groups.ts";

const graph = await readGraph();
const tests = await findTests();

Deno.test("every test file is found exactly once, and no other file looks like a test", async () => {
  const files = await Array.fromAsync(sources());
  // Names that `deno test` recognizes.
  const named = files.filter((file) => /[._]test\.tsx?$/.test(file)).sort();
  assert.deepEqual(tests.map(({ file }) => file).sort(), named);
  assert.deepEqual(files.filter((file) => /\.(jsx?|mts|mjs)$/.test(file)), []);
  for (const group of ["quick", "thorough", "call", "measured", "engine"]) {
    assert.ok(tests.some((one) => one.group === group), group);
  }
});

Deno.test("no quick test opens a browser, and only one module opens browsers", () => {
  const drives = (file: string) =>
    graph.find((one) => one.file === file)?.packages
      .some(({ name, typesOnly }) => name.startsWith("playwright") && !typesOnly) === true;
  const opening = graph.filter(({ file }) => drives(file)).map(({ file }) => file);
  for (const { file, group } of tests) {
    const opened = [...reach(graph, file)].filter(drives);
    assert.ok(group !== "quick" || opened.length === 0, `${file}: ${opened}`);
  }
  assert.deepEqual(opening.filter((file) => file.startsWith("tests/")), [
    "tests/support/browser.ts",
  ]);
});

Deno.test("a test's group follows from its imports and from lists of measured and long tests", () => {
  const made = (...local: string[]) => [
    ...graph,
    {
      file: "tests/x_test.ts",
      local: local.map((path) => ({ path, typesOnly: false })),
      packages: [],
    },
  ];
  const group = (...local: string[]) => groupOf(made(...local), "tests/x_test.ts");
  assert.equal(group("tests/support/visits.ts"), "quick");
  assert.equal(group("tests/support/browser.ts"), "thorough");
  assert.equal(group("tests/support/scene.ts"), "thorough");
  assert.equal(group("tests/support/meeting.ts"), "call");
  assert.equal(group("tests/page/two_phones.ts"), "call");
  assert.equal(group("tests/support/chime/with_callers.ts"), "call");
  assert.deepEqual(
    tests.filter((one) => one.group === "measured").map(({ file }) => file),
    ["tests/browser/call_cost_test.ts", "tests/chime/call_test.ts", "tests/page/network_test.ts"],
  );
  for (const file of LONGEST) assert.ok(tests.some((one) => one.file === file), file);
});

Deno.test("files and folders select tests, and a path without any is an error", async () => {
  const chosen = await findTests(["tests/architecture/", "./client/call/chat_test.ts"]);
  assert.ok(chosen.length > 3 && chosen.some(({ file }) => file.startsWith("client/")));
  assert.ok(chosen.every(({ group }) => group === "quick"));
  await assert.rejects(findTests(["tests/nowhere"]), /Cannot find a test in tests\/nowhere/);
});
