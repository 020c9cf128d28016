import assert from "node:assert/strict";
import { readGraph } from "../../tools/imports.ts";
import { readProjectFile } from "../support/project.ts";

const NEVER = {
  "waitForTimeout(": "waits for time instead of an event",
  "networkidle": "waits for half a second of silence",
  ".waitForFunction(": "is refused by the page's Content-Security-Policy now and then: untilInPage",
};

Deno.test("no test waits in a way that depends on the speed of the machine", async () => {
  const files = (await readGraph()).map(({ file }) => file)
    .filter((file) =>
      /^(?:tests|tools)\/|_test\.ts$/.test(file) && file !== "tests/architecture/waiting_test.ts"
    );
  assert.ok(files.length > 100);
  for (const file of files) {
    const source = await readProjectFile(file);
    for (const [code, why] of Object.entries(NEVER)) {
      assert.ok(!source.includes(code), `${file}: ${code} ${why}`);
    }
  }
});
