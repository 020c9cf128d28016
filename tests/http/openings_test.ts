import assert from "node:assert/strict";
import {
  chimeCalls,
  createVisit,
  openByToken,
  pageData,
  startTestStack,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

looseTest(
  "after 30 openings a person is answered 429 with a time, and others still get in",
  async () => {
    const visit = await createVisit(stack);
    let opened = 0;
    let answer = await openByToken(visit, visit.provider);
    while (answer.status === 200) {
      opened++;
      await answer.body?.cancel();
      answer = await openByToken(visit, visit.provider);
    }
    await answer.body?.cancel();
    assert.equal(answer.status, 429);
    // On a slow machine one more is allowed every 20 seconds.
    assert.ok(opened >= 30, String(opened));
    const seconds = Number(answer.headers.get("retry-after"));
    assert.ok(seconds >= 1 && seconds <= 20, String(seconds));
    assert.equal(chimeCalls(stack, "CreateMeeting"), 1);
    assert.ok(chimeCalls(stack, "CreateAttendee") <= opened);
    assert.equal((await pageData(await openByToken(visit, visit.patient))).state, "open");
  },
);
