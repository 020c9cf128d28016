import assert from "node:assert/strict";
import {
  chimeCalls,
  createVisit,
  openByToken,
  pageData,
  startTestStack,
} from "../support/visits.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

Deno.test({
  name: "40 openings of one person are 30 and then 429 with a time, and the others come in",
  // The processes and ports of the stack outlive single tests.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: async () => {
    const visit = await createVisit(stack);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => openByToken(visit, visit.provider)),
    );
    const statuses = answers.map((one) => one.status).sort();
    assert.deepEqual(statuses, [...Array(30).fill(200), ...Array(10).fill(429)]);
    for (const refused of answers.filter((one) => one.status === 429)) {
      const seconds = Number(refused.headers.get("retry-after"));
      assert.ok(seconds >= 1 && seconds <= 20, String(seconds));
    }
    await Promise.all(answers.map((one) => one.body?.cancel()));
    assert.equal(chimeCalls(stack, "CreateMeeting"), 1);
    assert.ok(chimeCalls(stack, "CreateAttendee") <= 30);
    assert.equal((await pageData(await openByToken(visit, visit.patient))).state, "open");
  },
});
