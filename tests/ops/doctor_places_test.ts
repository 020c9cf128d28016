import assert from "node:assert/strict";
import { doctor } from "../../ops/doctor/doctor.ts";
import type { CheckResult } from "../../ops/doctor/check_result.ts";
import type { StackOptions } from "../../dev/stack.ts";
import { startTestStack, type TestStack } from "../support/visits.ts";
import { testDependencies } from "./support.ts";
import { looseTest } from "../support/sanitizers.ts";

/** Starts a stack with these options, and runs the doctor on it. */
async function examine(options: StackOptions, look?: (stack: TestStack) => string) {
  const stack = await startTestStack(options);
  try {
    const dependencies = testDependencies({ url: "http://127.0.0.1:1" }, { AWS_ACCESS_KEY_ID: "" });
    const target = look?.(stack) ?? stack.pageUrl;
    const args = [target, "--json", "--nearest-region-url", "http://127.0.0.1:1"];
    const code = await doctor(args, dependencies);
    const { rows } = JSON.parse(dependencies.text()) as { rows: readonly CheckResult[] };
    return { code, faults: rows.filter((row) => row.state === "fault"), rows };
  } finally {
    await stack.stop();
  }
}

looseTest("on the hosted domain the doctor names the rewritten HTML and its remedy", async () => {
  const { code, faults, rows } = await examine({ hostedDomain: true });
  assert.equal(code, 1);
  assert.deepEqual(faults.map((row) => row.check), ["page", "policy"]);
  assert.match(faults[0]?.found ?? "", /text\/plain: the HTML was rewritten to text/);
  assert.match(faults[0]?.remedy ?? "", /custom domain.*cdn:deploy --front/);
  assert.match(faults[1]?.found ?? "", /replaced by "default-src 'none'; sandbox"/);
  // The rest is still checked: a HEAD request tells the file's address.
  assert.equal(rows.find((row) => row.check === "SDK hash")?.state, "ok");
});

looseTest("on the hosted domain behind the CloudFront proxy there is no fault", async () => {
  const { code, faults } = await examine({ hostedDomain: true, front: true });
  assert.deepEqual([code, faults], [0, []]);
});

looseTest(
  "a CloudFront proxy with a wrong secret is a fault that names the setting",
  async () => {
    const { code, faults } = await examine({
      hostedDomain: true,
      front: true,
      environment: { CHIME_PAGE_FRONT_SECRET: "another-secret-than-that-of-the-local-front" },
    });
    assert.equal(code, 1);
    assert.deepEqual(faults.map((row) => row.check), ["page", "policy"]);
    assert.match(faults[0]?.remedy ?? "", /CHIME_PAGE_FRONT_SECRET .* differ/);
  },
);

looseTest(
  "invalid settings are a fault, and their names stay in the function's log",
  async () => {
    const { code, faults } = await examine({ environment: { CHIME_REGION: "Frankfurt" } });
    assert.equal(code, 1);
    const settings = faults.find((row) => row.check === "settings");
    assert.match(settings?.found ?? "", /503, misconfigured/);
    assert.match(settings?.remedy ?? "", /log names every setting/);
    assert.doesNotMatch(JSON.stringify(faults), /CHIME_REGION|Frankfurt/);
  },
);
