import { CreateMeetingCommand } from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import { assertRefused, awsClient, meetingInput, withChime } from "../support/chime/control.ts";

const MINUTE = 60_000;

Deno.test("unsigned requests are refused", () =>
  withChime(async (chime) => {
    const answer = await fetch(`${chime.url}/meetings`, { method: "POST", body: "{}" });
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get("x-amzn-errortype"), "MissingAuthenticationTokenException");
    await answer.body?.cancel();
    assert.equal(chime.meetings().length, 0);
  }));

for (
  const [name, options, problem] of [
    ["an unknown key", {
      credentials: { accessKeyId: "AKIDOTHER", secretAccessKey: "example-secret" },
    }, "UnrecognizedClientException"],
    ["a wrong secret", {
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "guess" },
    }, "InvalidSignatureException"],
    ["a session token nobody issued", {
      credentials: {
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "example-secret",
        sessionToken: "made-up",
      },
    }, "UnrecognizedClientException"],
    ["a clock 6 minutes behind", { systemClockOffset: -6 * MINUTE }, "InvalidSignatureException"],
    ["a clock 6 minutes ahead", { systemClockOffset: 6 * MINUTE }, "InvalidSignatureException"],
    ["another region", { region: "us-east-1" }, "InvalidSignatureException"],
    ["another service", {
      httpAuthSchemeProvider: () => [{
        schemeId: "aws.auth#sigv4",
        signingProperties: { name: "s3", region: "eu-central-1" },
        propertiesExtractor: (config: unknown, context: unknown) => ({
          signingProperties: { config, context, signingName: "s3" },
        }),
      }],
    }, "InvalidSignatureException"],
  ] as const
) {
  Deno.test(`a request signed with ${name} is refused`, () =>
    withChime(async (chime) => {
      const client = awsClient(chime.url, options);
      await assertRefused(client.send(new CreateMeetingCommand(meetingInput())), problem, 403);
      client.destroy();
      assert.equal(chime.meetings().length, 0);
    }));
}

Deno.test("a body changed after signing is refused", () =>
  withChime(async (chime, client) => {
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: Uint8Array };
        const text = new TextDecoder().decode(request.body);
        request.body = new TextEncoder().encode(text.replace("visit-1", "visit-2"));
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    await assertRefused(
      client.send(new CreateMeetingCommand(meetingInput())),
      "InvalidSignatureException",
      403,
    );
    assert.equal(chime.meetings().length, 0);
  }));
