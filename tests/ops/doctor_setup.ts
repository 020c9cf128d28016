/** A local stack whose function and CDN a test can tamper with, and the doctor that checks it. */
import assert from "node:assert/strict";
import { doctor } from "../../ops/doctor/doctor.ts";
import type { CheckResult } from "../../ops/doctor/check_result.ts";
import { startTestStack } from "../support/visits.ts";
import { deployedAws, testDependencies } from "./support.ts";
import { startTamperingProxy } from "./tampering_proxy.ts";
import { looseTest } from "../support/sanitizers.ts";

// The function and the CDN, each behind a proxy that can tamper with it.
export const page = await startTamperingProxy();
export const cdn = await startTamperingProxy();
export const path = "/functions/v1/chime-page";
export const stack = await startTestStack({
  environment: { CHIME_PAGE_PUBLIC_URL: `${page.url}${path}`, CHIME_SDK_CDN_URL: cdn.url },
});
page.target = stack.baseUrl;
cdn.target = stack.cdn.url;
export const { aws, distribution } = await deployedAws();
export const nearest = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () => Response.json({ region: "eu-central-1" }),
);
Deno.test.afterAll(async () => {
  await nearest.shutdown();
  await aws.close();
  await stack.stop();
  await Promise.all([page.close(), cdn.close()]);
});

export const url = `${page.url}${path}`;
export const usual = [
  "--nearest-region-url",
  `http://127.0.0.1:${nearest.addr.port}`,
  "--distribution",
  distribution.id,
];

/** Runs the doctor and reads its results. */
export async function examine(args: readonly string[] = [url], env: Record<string, string> = {}) {
  const dependencies = testDependencies(aws, env);
  const code = await doctor([...args, ...usual, "--json"], dependencies);
  const { rows } = JSON.parse(dependencies.text()) as { rows: readonly CheckResult[] };
  const of = (state: CheckResult["state"]) => rows.filter((row) => row.state === state);
  return { code, rows, faults: of("fault"), skipped: of("skipped").map((row) => row.check) };
}

/** Asserts a fault of this check, with this remedy, and exit code 1. */
export async function expectFault(
  check: string,
  found: RegExp,
  remedy: RegExp,
  args?: readonly string[],
) {
  const { code, faults } = await examine(args);
  const row = faults.find((one) => one.check === check);
  assert.ok(row, `${check} is no fault; these are: ${faults.map((one) => one.check)}`);
  assert.match(row.found, found);
  assert.match(row.remedy, remedy);
  assert.equal(code, 1);
}

/** A test after which nothing is tampered with any more. */
export function test(name: string, run: () => Promise<void>): void {
  looseTest(name, async () => {
    try {
      await run();
    } finally {
      page.heal();
      cdn.heal();
      stack.cdn.heal();
    }
  });
}
