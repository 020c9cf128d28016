import { z } from "zod";

/** Languages of live transcription: the API reference's TranscribeLanguageCode. */
export const TRANSCRIPTION_LANGUAGES = [
  "de-DE",
  "en-AU",
  "en-GB",
  "en-US",
  "es-US",
  "fr-CA",
  "fr-FR",
  "hi-IN",
  "it-IT",
  "ja-JP",
  "ko-KR",
  "pt-BR",
  "th-TH",
  "zh-CN",
] as const;

const name = z.string().regex(/^[0-9a-zA-Z._-]{1,200}$/);
const names = z.string().regex(/^[a-zA-Z0-9,._-]{1,3000}$/);
const personalData = z.literal("PII").optional();

/** The rules are from the API reference of EngineTranscribeSettings. */
const transcribe = z.strictObject({
  LanguageCode: z.enum(TRANSCRIPTION_LANGUAGES).optional(),
  IdentifyLanguage: z.boolean().optional(),
  LanguageOptions: z.string().regex(/^[a-zA-Z-,]{1,200}$/).optional(),
  PreferredLanguage: z.enum(TRANSCRIPTION_LANGUAGES).optional(),
  VocabularyFilterMethod: z.enum(["remove", "mask", "tag"]).optional(),
  VocabularyFilterName: name.optional(),
  VocabularyFilterNames: names.optional(),
  VocabularyName: name.optional(),
  VocabularyNames: names.optional(),
  LanguageModelName: name.optional(),
  Region: z.string().regex(/^(auto|[a-z]{2}(-[a-z]+)+-\d)$/).optional(),
  EnablePartialResultsStabilization: z.boolean().optional(),
  PartialResultsStability: z.enum(["low", "medium", "high"]).optional(),
  ContentIdentificationType: personalData,
  ContentRedactionType: personalData,
  PiiEntityTypes: z.string().regex(/^[A-Z_, ]{1,300}$/).optional(),
}).refine(
  (one) => (one.LanguageCode !== undefined) !== (one.IdentifyLanguage === true),
  "needs LanguageCode or IdentifyLanguage, and not both",
).refine(
  (one) => one.LanguageOptions === undefined || one.IdentifyLanguage === true,
  "LanguageOptions needs IdentifyLanguage",
).refine(
  (one) => one.PreferredLanguage === undefined || one.LanguageOptions !== undefined,
  "PreferredLanguage needs LanguageOptions",
).refine(
  (one) => !(one.ContentIdentificationType && one.ContentRedactionType),
  "takes ContentIdentificationType or ContentRedactionType, not both",
).refine(
  (one) =>
    one.PiiEntityTypes === undefined ||
    (one.ContentIdentificationType ?? one.ContentRedactionType) !== undefined,
  "PiiEntityTypes needs ContentIdentificationType or ContentRedactionType",
);

const medical = z.strictObject({
  LanguageCode: z.literal("en-US"),
  Specialty: z.enum([
    "PRIMARYCARE",
    "CARDIOLOGY",
    "NEUROLOGY",
    "ONCOLOGY",
    "RADIOLOGY",
    "UROLOGY",
  ]),
  Type: z.enum(["CONVERSATION", "DICTATION"]),
  VocabularyName: name.optional(),
  Region: z.string().optional(),
  ContentIdentificationType: z.literal("PHI").optional(),
});

export const transcriptionConfiguration = z.strictObject({
  EngineTranscribeSettings: transcribe.optional(),
  EngineTranscribeMedicalSettings: medical.optional(),
}).refine(
  (one) =>
    (one.EngineTranscribeSettings === undefined) !==
      (one.EngineTranscribeMedicalSettings === undefined),
  "needs EngineTranscribeSettings or EngineTranscribeMedicalSettings",
);

export type TranscriptionConfiguration = z.infer<typeof transcriptionConfiguration>;
