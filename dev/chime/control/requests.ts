import { z } from "zod";
import { ControlProblem } from "./problem.ts";
import { transcriptionConfiguration } from "./transcription.ts";

/** Media regions of Amazon Chime (API reference of CreateMeeting, GovCloud left out). */
export const MEDIA_REGIONS = [
  "af-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-south-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
] as const;

const externalId = z.string().min(2).max(64)
  .regex(/^[-_&@+=,(){}[\]/«».:|'"#a-zA-Z0-9À-ÿ\s]*$/)
  .refine((id) => !id.toLowerCase().startsWith("aws:"), "must not start with aws:");

const mediaCapability = z.enum(["None", "Receive", "Send", "SendReceive"]);

const capabilities = z.object({
  Audio: mediaCapability,
  Video: mediaCapability,
  Content: mediaCapability,
});

export type Capabilities = z.infer<typeof capabilities>;

const features = z.object({
  Audio: z.object({ EchoReduction: z.enum(["AVAILABLE", "UNAVAILABLE"]).optional() }).optional(),
  Video: z.object({ MaxResolution: z.enum(["None", "HD", "FHD"]).optional() }).optional(),
  Content: z.object({ MaxResolution: z.enum(["None", "FHD", "UHD"]).optional() }).optional(),
  Attendee: z.object({ MaxCount: z.int().min(1).max(250).optional() }).optional(),
});

const attendee = z.object({ ExternalUserId: externalId, Capabilities: capabilities.optional() });

const tagKey = z.string().min(1).max(128)
  .refine((key) => !key.toLowerCase().startsWith("aws:"), "must not start with aws:");
const tags = z.array(z.object({ Key: tagKey, Value: z.string().max(256) })).min(1).max(50);
const arn = z.string().regex(/^arn:[a-z-]+:chime:[a-z0-9-]+:\d{12}:meeting\/[\w-]+$/);

const meeting = z.object({
  ClientRequestToken: z.string().min(2).max(64).regex(/^[-_a-zA-Z0-9]*$/),
  MediaRegion: z.enum(MEDIA_REGIONS),
  ExternalMeetingId: externalId,
  MeetingHostId: z.string().min(2).max(64).optional(),
  MeetingFeatures: features.optional(),
  NotificationsConfiguration: z.record(z.string(), z.string().max(1024)).optional(),
  PrimaryMeetingId: z.string().optional(),
  TenantIds: z.array(z.string().min(2).max(256)).min(1).max(5).optional(),
  Tags: tags.optional(),
  MediaPlacementNetworkType: z.enum(["Ipv4Only", "DualStack"]).optional(),
});

/** Bodies of the operations that have one, with AWS's required fields, lengths and patterns. */
export const BODIES = {
  transcription: z.object({ TranscriptionConfiguration: transcriptionConfiguration }),
  tag: z.object({ ResourceARN: arn, Tags: tags }),
  untag: z.object({ ResourceARN: arn, TagKeys: z.array(tagKey).min(1).max(50) }),
  meeting,
  meetingWithAttendees: meeting.extend({ Attendees: z.array(attendee).min(1).max(20) }),
  attendee,
  attendees: z.object({ Attendees: z.array(attendee).min(1).max(100) }),
  capabilities: z.object({ Capabilities: capabilities }),
  capabilitiesExcept: z.object({
    Capabilities: capabilities,
    ExcludedAttendeeIds: z.array(z.object({ AttendeeId: z.string() })).min(1).max(250),
  }),
} as const;

export type MeetingRequest = z.infer<typeof meeting>;
export type AttendeeRequest = z.infer<typeof attendee>;

/** Reads a JSON body against its schema; throws `BadRequestException` naming the field. */
export function readBody<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new ControlProblem("BadRequestException", "The request body is not JSON");
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new ControlProblem(
    "BadRequestException",
    `Invalid value at '${issue?.path.join(".") ?? ""}': ${issue?.message ?? "unknown"}`,
  );
}
