import {
  CreateMeetingCommand,
  DeleteMeetingCommand,
  StartMeetingTranscriptionCommand,
  StopMeetingTranscriptionCommand,
  type TranscriptionConfiguration,
} from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import { assertRefused, meetingInput, withChime } from "../support/chime/control.ts";

const FRENCH = { EngineTranscribeSettings: { LanguageCode: "fr-FR" } } as const;

Deno.test("a meeting is transcribed from start to stop, and both can be repeated", () =>
  withChime(async (chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const MeetingId = Meeting?.MeetingId;
    const start = (TranscriptionConfiguration: TranscriptionConfiguration) =>
      client.send(new StartMeetingTranscriptionCommand({ MeetingId, TranscriptionConfiguration }));
    const stop = () => client.send(new StopMeetingTranscriptionCommand({ MeetingId }));
    const transcribed = () => chime.meetings()[0]?.transcribed;
    await stop();
    assert.equal(transcribed(), false);
    await start(FRENCH);
    await start({ EngineTranscribeSettings: { IdentifyLanguage: true, LanguageOptions: "fr-FR" } });
    assert.equal(transcribed(), true);
    await stop();
    assert.equal(transcribed(), false);
    await client.send(new DeleteMeetingCommand({ MeetingId }));
    await assertRefused(start(FRENCH), "NotFoundException", 404);
    await assertRefused(stop(), "NotFoundException", 404);
  }));

for (
  const [name, settings] of [
    ["no language", {}],
    ["a language that the service has not", { LanguageCode: "sw-KE" }],
    ["two ways to find the language", { LanguageCode: "en-US", IdentifyLanguage: true }],
    ["options without identification", { LanguageCode: "en-US", LanguageOptions: "en-US,fr-FR" }],
    ["a preference without options", { IdentifyLanguage: true, PreferredLanguage: "fr-FR" }],
    ["entities and nothing to do with them", { LanguageCode: "en-US", PiiEntityTypes: "NAME" }],
    ["two things to do with entities", {
      LanguageCode: "en-US",
      ContentIdentificationType: "PII",
      ContentRedactionType: "PII",
    }],
  ] as const
) {
  Deno.test(`a transcription with ${name} is a bad request`, () =>
    withChime(async (chime, client) => {
      const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
      const TranscriptionConfiguration = {
        EngineTranscribeSettings: settings,
      } as TranscriptionConfiguration;
      await assertRefused(
        client.send(
          new StartMeetingTranscriptionCommand({
            MeetingId: Meeting?.MeetingId,
            TranscriptionConfiguration,
          }),
        ),
        "BadRequestException",
        400,
      );
      assert.equal(chime.meetings()[0]?.transcribed, false);
    }));
}

Deno.test("a transcription by no engine, or by two, is a bad request", () =>
  withChime(async (_chime, client) => {
    const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
    const medical = {
      LanguageCode: "en-US",
      Specialty: "PRIMARYCARE",
      Type: "CONVERSATION",
    } as const;
    for (
      const TranscriptionConfiguration of [{}, {
        ...FRENCH,
        EngineTranscribeMedicalSettings: medical,
      }]
    ) {
      const command = new StartMeetingTranscriptionCommand({
        MeetingId: Meeting?.MeetingId,
        TranscriptionConfiguration,
      });
      await assertRefused(client.send(command), "BadRequestException", 400);
    }
    await client.send(
      new StartMeetingTranscriptionCommand({
        MeetingId: Meeting?.MeetingId,
        TranscriptionConfiguration: { EngineTranscribeMedicalSettings: medical },
      }),
    );
  }));
