import {
  CreateMeetingCommand,
  DeleteMeetingCommand,
  GetMeetingCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import type { Fault } from "../../dev/chime/faults.ts";
import { until } from "../support/patience.ts";
import { assertRefused, awsClient, meetingInput, withChime } from "../support/chime/control.ts";

for (
  const [error, status] of [
    ["ConflictException", 409],
    ["ThrottlingException", 429],
    ["ServiceUnavailableException", 503],
    ["ServiceFailureException", 500],
    ["NotFoundException", 404],
  ] as const
) {
  Deno.test(`two calls fail with ${error}, and the third succeeds`, () =>
    withChime(async (chime, client) => {
      chime.faults.add({ kind: "error", operation: "CreateMeeting", error, times: 2 });
      const create = () => client.send(new CreateMeetingCommand(meetingInput()));
      await assertRefused(create(), error, status);
      await assertRefused(create(), error, status);
      await create();
    }));
}

Deno.test("a fault of one meeting does not affect calls about others", () =>
  withChime(async (chime, client) => {
    const [MeetingId, other] = await Promise.all([meetingInput(), meetingInput()].map(
      async (input) => (await client.send(new CreateMeetingCommand(input))).Meeting?.MeetingId,
    ));
    const error = "ForbiddenException";
    chime.faults.add({ kind: "error", operation: "DeleteMeeting", error, meeting: MeetingId });
    await client.send(new DeleteMeetingCommand({ MeetingId: other }));
    await assertRefused(client.send(new DeleteMeetingCommand({ MeetingId })), error, 403);
    await client.send(new DeleteMeetingCommand({ MeetingId }));
  }));

Deno.test("the AWS client's own retries get past two throttled calls", () =>
  withChime(async (chime) => {
    const client = awsClient(chime.url, { maxAttempts: 3 });
    chime.faults.add({ kind: "error", error: "ThrottlingException", times: 2 });
    await client.send(new CreateMeetingCommand(meetingInput()));
    assert.deepEqual(chime.requests().map((request) => request.status), [429, 429, 200]);
    client.destroy();
  }));

Deno.test("a response that was lost after the work is recovered with the same request token", () =>
  withChime(async (chime, client) => {
    chime.faults.add({ kind: "reset", operation: "CreateMeeting", after: true });
    const input = meetingInput();
    await assert.rejects(client.send(new CreateMeetingCommand(input)));
    assert.equal(chime.meetings().length, 1);
    const { Meeting } = await client.send(new CreateMeetingCommand(input));
    assert.equal(Meeting?.MeetingId, chime.meetings()[0]?.meetingId);
    assert.equal(chime.meetings().length, 1);
  }));

Deno.test("a delayed call takes that long", () =>
  withChime(async (chime, client) => {
    chime.faults.add({ kind: "delay", operation: "CreateMeeting", milliseconds: 300 });
    const start = performance.now();
    await client.send(new CreateMeetingCommand(meetingInput()));
    assert.ok(performance.now() - start >= 295);
  }));

Deno.test("a call that hangs is ended by the caller's timeout", () =>
  withChime(async (chime, client) => {
    chime.faults.add({ kind: "hang", operation: "CreateMeeting" });
    const timeout = new AbortController();
    const call = client.send(new CreateMeetingCommand(meetingInput()), {
      abortSignal: timeout.signal,
    });
    await until("the call arrives", () => chime.requests().length === 1);
    timeout.abort();
    await assert.rejects(call, { name: "AbortError" });
    assert.equal(chime.requests()[0]?.status, 0);
    assert.equal(chime.meetings().length, 0);
  }));

Deno.test("faults, ends and resets can be requested by HTTP", () =>
  withChime(async (chime, client) => {
    const post = async (path: string, body: unknown) => {
      const answer = await fetch(`${chime.url}/_chime/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      await answer.body?.cancel();
      return answer.status;
    };
    const create = () => client.send(new CreateMeetingCommand(meetingInput()));
    const fault: Fault = { kind: "error", error: "ServiceFailureException" };
    assert.equal(await post("faults", fault), 202);
    await assertRefused(create(), "ServiceFailureException", 500);
    const { Meeting } = await create();
    const MeetingId = Meeting?.MeetingId ?? "";
    assert.equal(await post("faults", { kind: "end-meeting", meeting: MeetingId }), 202);
    await assertRefused(
      client.send(new GetMeetingCommand({ MeetingId })),
      "NotFoundException",
      404,
    );
    await assertRefused(
      client.send(new DeleteMeetingCommand({ MeetingId })),
      "NotFoundException",
      404,
    );
    assert.equal(await post("faults", { kind: "earthquake" }), 400);
    assert.equal(await post("reset", {}), 204);
    assert.deepEqual([chime.requests(), chime.meetings(), chime.events()], [[], [], []]);
  }));

Deno.test("a form on another site cannot request faults", () =>
  withChime(async (chime) => {
    const answer = await fetch(`${chime.url}/_chime/reset`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "{}",
    });
    assert.equal(answer.status, 415);
    await answer.body?.cancel();
  }));
