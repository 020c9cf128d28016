import assert from "node:assert/strict";
import { doctor } from "../../ops/doctor/doctor.ts";
import type { Row } from "../../ops/doctor/row.ts";
import type { StackOptions } from "../../dev/stack.ts";
import { startTestStack, type TestStack } from "../support/visits.ts";
import { testWorld } from "./support.ts";

/** Examines a stack made in some way. */
async function examine(options: StackOptions, look?: (stack: TestStack) => string) {
  const stack = await startTestStack(options);
  try {
    const world = testWorld({ url: "http://127.0.0.1:1" }, { AWS_ACCESS_KEY_ID: "" });
    const target = look?.(stack) ?? stack.pageUrl;
    const args = [target, "--json", "--nearest-region-url", "http://127.0.0.1:1"];
    const code = await doctor(args, world);
    const { rows } = JSON.parse(world.text()) as { rows: readonly Row[] };
    return { code, faults: rows.filter((row) => row.state === "fault"), rows };
  } finally {
    await stack.stop();
  }
}

// The processes and ports of a stack are closed by the test itself; idle sockets stay a while.
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, sanitizeResources: false, sanitizeOps: false });

test("on the hosted domain it names the HTML rewrite, and what to do", async () => {
  const { code, faults, rows } = await examine({ hostedDomain: true });
  assert.equal(code, 1);
  assert.deepEqual(faults.map((row) => row.check), ["page", "policy"]);
  assert.match(faults[0]?.found ?? "", /text\/plain: the HTML was rewritten to text/);
  assert.match(faults[0]?.remedy ?? "", /custom domain.*cdn:deploy --front/);
  assert.match(faults[1]?.found ?? "", /replaced by "default-src 'none'; sandbox"/);
  // What can still be seen is seen: the file's address is learned by HEAD.
  assert.equal(rows.find((row) => row.check === "SDK hash")?.state, "ok");
});

test("through the front, on the hosted domain, everything is in order", async () => {
  const { code, faults } = await examine({ hostedDomain: true, front: true });
  assert.deepEqual([code, faults], [0, []]);
});

test("a front whose secret the function does not know is red, and the secret is named", async () => {
  const { code, faults } = await examine({
    hostedDomain: true,
    front: true,
    environment: { CHIME_PAGE_FRONT_SECRET: "another-secret-than-that-of-the-local-front" },
  });
  assert.equal(code, 1);
  assert.deepEqual(faults.map((row) => row.check), ["page", "policy"]);
  assert.match(faults[0]?.remedy ?? "", /CHIME_PAGE_FRONT_SECRET .* differ/);
});

test("incomplete settings are red, and the names stay in the function's log", async () => {
  const { code, faults } = await examine({ environment: { CHIME_REGION: "Frankfurt" } });
  assert.equal(code, 1);
  const settings = faults.find((row) => row.check === "settings");
  assert.match(settings?.found ?? "", /503, misconfigured/);
  assert.match(settings?.remedy ?? "", /log names every setting/);
  assert.doesNotMatch(JSON.stringify(faults), /CHIME_REGION|Frankfurt/);
});
