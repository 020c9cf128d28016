/**
 * The names of the SDK that a visit uses. The SDK file holds these and what they need. To use another
 * one, add it here and run `deno task cdn:build`; `tests/sdk/names_test.ts` compares this list with the
 * client.
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
