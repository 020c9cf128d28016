import {
  CreateMeetingCommand,
  DeleteMeetingCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import { assertRefused, meetingInput, withChime } from "../support/chime/control.ts";

Deno.test("a meeting's tags are set with it, added, changed, removed and listed", () =>
  withChime(async (_chime, client) => {
    const { Meeting } = await client.send(
      new CreateMeetingCommand(meetingInput({ Tags: [{ Key: "app", Value: "page" }] })),
    );
    const ResourceARN = Meeting?.MeetingArn;
    const tags = async () => {
      const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
      return Tags?.map(({ Key, Value }) => `${Key}=${Value}`);
    };
    assert.deepEqual(await tags(), ["app=page"]);
    await client.send(
      new TagResourceCommand({
        ResourceARN,
        Tags: [{ Key: "app", Value: "other" }, { Key: "cost", Value: "12" }],
      }),
    );
    assert.deepEqual(await tags(), ["app=other", "cost=12"]);
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["app", "unknown"] }));
    assert.deepEqual(await tags(), ["cost=12"]);
    await client.send(new DeleteMeetingCommand({ MeetingId: Meeting?.MeetingId }));
    await assertRefused(tags(), "ResourceNotFoundException", 404);
  }));

Deno.test("reserved keys, a 51st tag and a foreign resource are refused", () =>
  withChime(async (_chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const ResourceARN = Meeting?.MeetingArn ?? "";
    const tag = (arn: string, ...keys: string[]) =>
      client.send(
        new TagResourceCommand({
          ResourceARN: arn,
          Tags: keys.map((Key) => ({ Key, Value: "" })),
        }),
      );
    await assertRefused(tag(ResourceARN, "aws:mine"), "BadRequestException", 400);
    await assertRefused(tag("arn:aws:s3:::bucket", "one"), "BadRequestException", 400);
    await assertRefused(
      tag(ResourceARN.replace(/[\w-]+$/, crypto.randomUUID()), "one"),
      "ResourceNotFoundException",
      404,
    );
    await tag(ResourceARN, ...Array.from({ length: 50 }, (_, index) => `key-${index}`));
    await tag(ResourceARN, "key-0");
    await assertRefused(tag(ResourceARN, "one-more"), "TooManyTagsException", 400);
  }));
