/**
 * What the SDK file holds: the names a visit uses, and what they need. Whoever needs another one adds
 * it here and runs `deno task cdn:build`; `tests/sdk/names_test.ts` compares this with the client.
 */
export {
  AllHighestVideoBandwidthPolicy,
  ConsoleLogger,
  DataMessage,
  DefaultActiveSpeakerPolicy,
  DefaultBrowserBehavior,
  DefaultDeviceController,
  DefaultMeetingSession,
  GetUserMediaError,
  LogLevel,
  MeetingSessionConfiguration,
  MeetingSessionStatusCode,
  NoOpLogger,
  NotFoundError,
  NotReadableError,
  NScaleVideoUplinkBandwidthPolicy,
  OverconstrainedError,
  PermissionDeniedError,
  TargetDisplaySize,
  TimeoutScheduler,
  Versioning,
  VideoAdaptiveProbePolicy,
  VideoPreference,
  VideoPreferences,
  VideoPriorityBasedPolicy,
  VideoPriorityBasedPolicyConfig,
} from "amazon-chime-sdk-js";
